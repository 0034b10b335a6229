import { beforeEach, expect, it } from 'vitest';
import { insertWatermarks } from '../../../consumers/store/watermark-rows.ts';
import { createStoredWatermarks } from '../../../src/completeness/stored/stored-watermarks.ts';
import type { Watermark } from '../../../src/events/watermark.ts';
import { migrateClickHouse } from '../../../src/platform/clickhouse/migrate.ts';
import { sessionEvent } from '../../support/arbitrary-events.ts';
import { sqlFiles, useEventTable } from './event-table.ts';

const table = useEventTable();
const stored = () => createStoredWatermarks({ rows: (sql) => table.rows(sql) });
const run = (query: string) => table.client.command({ query });
const store = (...watermarks: Watermark[]) => insertWatermarks(table.client, watermarks);

beforeEach(async () => {
  for (const name of ['session_events', 'watermarks', 'legacy_producers'])
    await run(`TRUNCATE TABLE ${name}`);
});

function watermark(members: Partial<Watermark>): Watermark {
  return {
    producer: 'a',
    partition: 0,
    sequence: 1,
    beforeMs: 1000,
    partitions: 1,
    final: false,
    ...members,
  };
}

const watermarksOf = async (producer: string) =>
  (await stored().producers()).find((each) => each.producer === producer)?.watermarks;

it('keeps the latest watermark of each partition, in any order and after a merge', async () => {
  await store(watermark({ sequence: 7, beforeMs: 3000, partitions: 2 }), watermark({ partition: 1 }));
  await store(watermark({ sequence: 5, beforeMs: 2000 }));
  for (const merge of [false, true]) {
    if (merge) await run('OPTIMIZE TABLE watermarks FINAL');
    expect(await stored().producers()).toEqual([
      {
        producer: 'a',
        partitions: 2,
        watermarks: new Map([
          [0, { sequence: 7, beforeMs: 3000, isFinal: false }],
          [1, { sequence: 1, beforeMs: 1000, isFinal: false }],
        ]),
      },
    ]);
  }
  expect(await table.text('SELECT count() FROM watermarks')).toBe('2\n');
});

it.each([
  ['later', { sequence: 7, beforeMs: 4000 }, true],
  [
    'earlier, with the last sequence, after a wrong moment of the clock',
    { sequence: 7, beforeMs: 2000 },
    true,
  ],
  ['earlier, with a lower sequence, from a copied data directory', { sequence: 6, beforeMs: 2000 }, false],
])('a final watermark that is %s decides whether its producer has ended', async (_, final, isFinal) => {
  await store(watermark({ sequence: 7, beforeMs: 3000 }));
  await store(watermark({ ...final, final: true }));
  expect(await watermarksOf('a')).toEqual(new Map([[0, { sequence: 7, beforeMs: 3000, isFinal }]]));
});

it('lists the producers that were stored before the migration, until a watermark of them is stored', async () => {
  const event = (producer: string, sequence: number) => sessionEvent({ producer, partition: 0, sequence });
  await table.store.insert(table.store.encode([event('old', 1), event('old', 2), event('older', 1)]));
  await run('DROP TABLE legacy_producers');
  await run(
    "ALTER TABLE schema_migrations DELETE WHERE name LIKE '%watermarks%' SETTINGS mutations_sync = 2",
  );
  await migrateClickHouse(table.client, sqlFiles, { cluster: undefined });
  await table.store.insert(table.store.encode([event('foreign', 1)]));
  expect(await stored().legacy()).toEqual(['old', 'older']);
  expect(await stored().unwatched()).toEqual(['foreign', 'old', 'older']);
  await store(watermark({ producer: 'old', final: true }));
  expect(await stored().legacy()).toEqual(['older']);
});
