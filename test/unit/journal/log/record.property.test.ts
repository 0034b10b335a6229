import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOfLog, readEntries } from '../../../../src/journal/log/entries.ts';
import {
  decodeRecord,
  encodeRecord,
  type JournalRecord,
  summariseRecord,
} from '../../../../src/journal/log/record.ts';
import { createMemoryRecordLog } from '../../../support/memory-record-log.ts';

const anyEvent = fc.record({
  partition: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  timeMs: fc.integer({ min: 0, max: 8.64e15 }),
  body: fc.string({ unit: 'binary', maxLength: 300 }),
});
const anyRecord: fc.Arbitrary<JournalRecord> = fc.record({
  producer: fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/),
  events: fc.array(anyEvent, { minLength: 1, maxLength: 20 }),
});
const anyShare = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('a journal record', () => {
  it('decodes to the record that was encoded', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(decodeRecord(encodeRecord(record))).toEqual(record);
      }),
    );
  });

  it('has a summary with its number of events and its first time', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const summary = { count: record.events.length, firstTimeMs: record.events[0]?.timeMs };
        expect(summariseRecord(encodeRecord(record))).toEqual(summary);
      }),
    );
  });

  it('is rejected if it is truncated at any byte', () => {
    fc.assert(
      fc.property(anyRecord, anyShare, (record, share) => {
        const bytes = encodeRecord(record);
        const cut = bytes.subarray(0, Math.floor(share * bytes.length));
        expect(() => decodeRecord(cut)).toThrow();
      }),
      { numRuns: 300 },
    );
  });

  it('is rejected if its version is unknown', () => {
    const bytes = encodeRecord({
      producer: 'p',
      events: [{ partition: 0, sequence: 1, timeMs: 1, body: '{}' }],
    });
    bytes.writeUInt8(2, 0);
    expect(() => decodeRecord(bytes)).toThrow('journal record of unknown version 2');
    expect(() => summariseRecord(bytes)).toThrow('journal record of unknown version 2');
  });

  it('decodes at any offset of a buffer', () => {
    fc.assert(
      fc.property(anyRecord, fc.uint8Array({ maxLength: 9 }), (record, before) => {
        const bytes = encodeRecord(record);
        const moved = Buffer.concat([before, bytes, before]);
        expect(decodeRecord(moved.subarray(before.length))).toEqual(record);
      }),
    );
  });
});

describe('the entries of a log', () => {
  it('are the events of its records, one per position, from any position and in reads of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRecord, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 110 }),
        fc.integer({ min: 1, max: 30 }),
        async (records, from, max) => {
          const log = createMemoryRecordLog();
          for (const record of records)
            await log.commit({ put: { position: endOfLog(log), record: encodeRecord(record) } });
          const all = records
            .flatMap(({ producer, events }) => events.map((event) => ({ ...event, producer })))
            .map((event, index) => ({ ...event, position: index + 1 }));
          const expected = all.filter(({ position }) => position >= from).slice(0, max);
          expect(readEntries(log, from, max)).toEqual(expected);
          expect(endOfLog(log)).toBe(all.length + 1);
        },
      ),
    );
  });

  it('end at the stored cursor if the log contains no records', async () => {
    const log = createMemoryRecordLog();
    expect(endOfLog(log)).toBe(1);
    await log.commit({ cursor: 42 });
    expect(endOfLog(log)).toBe(42);
    expect(readEntries(log, 0, 10)).toEqual([]);
  });
});
