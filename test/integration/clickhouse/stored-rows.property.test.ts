import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSessionEvent } from '../../../src/events/decode-session-event.ts';
import { encodeSessionEvent, type SessionEvent } from '../../../src/events/session-event.ts';
import { storedViewer } from '../../../src/events/stored-viewer.ts';
import {
  anySessionEvent,
  anyTag,
  earliestMs,
  latestMs,
  randomName,
  sessionEvent,
} from '../../support/arbitrary-events.ts';
import { engines, useEventTable } from './event-table.ts';

describe.each(engines)('the event table %s', (engine) => {
  const table = useEventTable(engine);

  interface StoredRow extends Omit<SessionEvent, 'sequence' | 'timeMs'> {
    readonly sequence: string;
    readonly timeMs: string;
    readonly month: number;
    readonly day: string;
    readonly quarterS: number;
  }

  function readStored(producer: string): Promise<StoredRow[]> {
    return table.rows(
      `SELECT organisation_id AS organisationId, configuration_id AS configurationId, session_id AS sessionId,
       toString(toUnixTimestamp64Milli(time)) AS timeMs, tags, ${storedViewer} AS viewer,
       producer, partition,
       toString(sequence) AS sequence, month, toString(day) AS day, toUnixTimestamp(quarter) AS quarterS
     FROM session_events WHERE producer = {producer: String} ORDER BY session_events.sequence`,
      { producer },
    );
  }

  function rowOf(event: SessionEvent): StoredRow {
    const iso = new Date(event.timeMs).toISOString();
    return {
      ...event,
      sequence: String(event.sequence),
      timeMs: String(event.timeMs),
      month: Number(iso.slice(0, 7).replace('-', '')),
      day: iso.slice(0, 10),
      quarterS: Math.floor(event.timeMs / 900_000) * 900,
    };
  }

  /** Assigns one producer and at most two times to the events, because each further month would add a table part. */
  function toOneStream(events: readonly SessionEvent[], producer: string): SessionEvent[] {
    const [first, second = first] = events.map(({ timeMs }) => timeMs);
    return events.map((event, index) => ({
      ...event,
      producer,
      sequence: index + 1,
      timeMs: (index % 2 === 0 ? first : second) ?? event.timeMs,
    }));
  }

  it('stores every field of every event unchanged, with times in milliseconds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anySessionEvent, { minLength: 1, maxLength: 12 }), async (events) => {
        const producer = randomName('producer');
        const batch = toOneStream(events, producer);
        await table.store.insert(table.store.encode(batch));
        expect(await readStored(producer)).toEqual(batch.map(rowOf));
      }),
      { numRuns: 6 },
    );
  });

  it('stores the earliest and the latest time, and the largest numbers', async () => {
    const producer = randomName('producer');
    const edges = [
      sessionEvent({ producer, timeMs: earliestMs, sequence: 1 }),
      sessionEvent({ producer, timeMs: latestMs, partition: 2 ** 31 - 1, sequence: Number.MAX_SAFE_INTEGER }),
    ];
    await table.store.insert(table.store.encode(edges));
    expect(await readStored(producer)).toEqual(edges.map(rowOf));
  });

  /** Generates tags that a faulty producer might send: arbitrary UTF-16 code units, including unpaired surrogates. */
  const anyWildTag = fc.oneof(
    anyTag,
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 20 })
      .map((units) => String.fromCharCode(...units)),
    fc.constantFrom('\ud800', '\udfff', '\ud83d\ude00\ud83d', '\ude00\ud83d'),
  );

  // If the table rejected an event that the decoder accepts, the event would block its whole stream.
  it('accepts every event that the decoder accepts', async () => {
    const anyMessage = fc
      .tuple(anySessionEvent, fc.array(anyWildTag, { maxLength: 4 }))
      .map(([event, tags]) => encodeSessionEvent({ ...event, tags }));
    await fc.assert(
      fc.asyncProperty(fc.array(anyMessage, { minLength: 1, maxLength: 30 }), async (messages) => {
        const producer = randomName('producer');
        const readable = messages
          .map(decodeSessionEvent)
          .flatMap((decoded) => (decoded.kind === 'event' ? [decoded.event] : []));
        fc.pre(readable.length > 0);
        const batch = toOneStream(readable, producer);
        await table.store.insert(table.store.encode(batch));
        expect(await readStored(producer)).toEqual(batch.map(rowOf));
      }),
      { numRuns: 10 },
    );
  });

  it('reports exactly which of the given events are absent', async () => {
    const event = sessionEvent({ producer: randomName('producer'), partition: 3, sequence: 7 });
    await table.store.insert(table.store.encode([event]));
    const absentEvents = [
      { ...event, sequence: 8 },
      { ...event, partition: 4 },
      { ...event, producer: randomName('producer') },
      { ...event, producer: "' OR 1 = 1 --" },
      { ...event, producer: "\\' OR 1 = 1 --" },
    ];
    expect(await table.store.absentOf([event, ...absentEvents, event, ...absentEvents])).toEqual(
      absentEvents,
    );
    const many = Array.from({ length: 12_000 }, (_, index) => ({ ...event, sequence: index + 1 }));
    expect(await table.store.absentOf(many)).toEqual(many.filter(({ sequence }) => sequence !== 7));
  });
});
