import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDeadLetter, type DeadLetter } from '../../../consumers/dead-letter/dead-letter.ts';
import { ledgerQuery } from '../../../consumers/store/statements/event-queries.ts';
import type { SessionEvent } from '../../../src/events/session-event.ts';
import { engines, useEventTable } from '../../integration/clickhouse/event-table.ts';
import { randomName, sessionEvent } from '../../support/arbitrary-events.ts';
import { stateOf } from '../../support/memory-event-store.ts';

describe.each(engines)('the stored stream state %s', (engine) => {
  const table = useEventTable(engine);
  const monthEndMs = Date.UTC(2026, 11, 1);

  /** Generates a row or a dead letter, with one of two producers, two partitions and two months. */
  const anyArrival = fc.record({
    producer: fc.nat(1),
    partition: fc.nat(1),
    sequence: fc.integer({ min: 1, max: 30 }),
    letter: fc.boolean(),
    month: fc.constantFrom(-1000, 1000),
  });
  /** Generates batches in which each identity occurs once, because the table contains each identity once. */
  const anyBatches = fc
    .uniqueArray(anyArrival, {
      maxLength: 60,
      selector: ({ producer, partition, sequence }) => `${producer}/${partition}/${sequence}`,
    })
    .chain((arrivals) =>
      fc.array(fc.subarray(arrivals, { minLength: 0 }), { maxLength: 2 }).map((cuts) => cut(arrivals, cuts)),
    );

  type Arrival = typeof anyArrival extends fc.Arbitrary<infer T> ? T : never;

  function cut(arrivals: readonly Arrival[], cuts: readonly (readonly Arrival[])[]): Arrival[][] {
    const batches: Arrival[][] = [[], [], []];
    for (const arrival of arrivals)
      batches[cuts.filter((part) => part.includes(arrival)).length]?.push(arrival);
    return batches;
  }

  beforeEach(truncateTables);

  async function truncateTables(): Promise<void> {
    await table.client.command({ query: 'TRUNCATE TABLE session_events' });
    await table.client.command({ query: 'TRUNCATE TABLE dead_letters' });
  }

  it('contains the high-water marks by month, the highest sequence and every missing range of the stored events', async () => {
    await fc.assert(
      fc.asyncProperty(anyBatches, async (batches) => {
        await truncateTables();
        const rows: SessionEvent[] = [];
        const letters: DeadLetter[] = [];
        for (const batch of batches) {
          const arrivals = batch.map((arrival) => {
            const identity = { ...arrival, producer: `producer-${arrival.producer}` };
            return { identity, letter: arrival.letter, timeMs: monthEndMs + arrival.month };
          });
          const newRows = arrivals
            .filter(({ letter }) => !letter)
            .map(({ identity: { producer, partition, sequence }, timeMs }) =>
              sessionEvent({ producer, partition, sequence, timeMs }),
            );
          const newLetters = arrivals
            .filter(({ letter }) => letter)
            .map(({ identity }) =>
              createDeadLetter({ position: 1, identity, body: '', headers: '{}' }, 'test', 'r'),
            );
          if (newRows.length > 0) await table.store.insert(table.store.encode(newRows));
          if (newLetters.length > 0) await table.store.insertDeadLetters(newLetters);
          rows.push(...newRows);
          letters.push(...newLetters);
        }
        expect(await table.store.readState()).toEqual(stateOf(rows, letters));
      }),
      { numRuns: 8 },
    );
  });

  it('contains the missing ranges of one producer if another producer is complete', async () => {
    const complete = randomName('complete');
    const incomplete = randomName('incomplete');
    const events = (producer: string, missing: readonly number[]) =>
      Array.from({ length: 5000 }, (_, index) => index + 1)
        .filter((sequence) => !missing.includes(sequence))
        .map((sequence) => sessionEvent({ producer, sequence, timeMs: monthEndMs - 2500 + sequence }));
    await table.store.insert(
      table.store.encode([...events(complete, []), ...events(incomplete, [1, 2500, 2501, 4999])]),
    );
    const state = await table.store.readState();
    const marks = new Map([
      [202611, 2499],
      [202612, 5000],
    ]);
    expect(state.get(`0/${complete}`)).toEqual({ marks, highest: 5000, holes: [] });
    expect(state.get(`0/${incomplete}`)).toEqual({
      marks,
      highest: 5000,
      holes: [
        { first: 1, last: 1 },
        { first: 2500, last: 2501 },
        { first: 4999, last: 4999 },
      ],
    });
  });

  it('does not change when ClickHouse merges parts, and is read only from the ledger projection', async () => {
    for (const first of [1, 4, 9, 13]) {
      const events = [0, 1, 2].map((more) =>
        sessionEvent({ sequence: first + more, timeMs: monthEndMs - 11 + first + more }),
      );
      await table.store.insert(table.store.encode(events));
    }
    const before = await table.store.readState();
    await table.client.command({ query: 'OPTIMIZE TABLE session_events FINAL' });
    expect(await table.store.readState()).toEqual(before);
    expect(before.get('0/producer-1')).toMatchObject({
      highest: 15,
      holes: [
        { first: 7, last: 8 },
        { first: 12, last: 12 },
      ],
    });

    const plan = await table.text(`EXPLAIN ${ledgerQuery()}`);
    expect(plan.match(/ReadFrom\w+ \(.*?\)/g)).toEqual(['ReadFromMergeTree (ledger)']);
    const forced = `${ledgerQuery()} SETTINGS force_optimize_projection = 1, force_optimize_projection_name = 'ledger'`;
    const plain = `${ledgerQuery()} SETTINGS optimize_use_projections = 0`;
    const lines = async (query: string) => (await table.text(query)).split('\n').sort();
    expect(await lines(forced)).toEqual(await lines(plain));
  });
});
