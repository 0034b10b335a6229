import { beforeAll, expect, it } from 'vitest';
import { useEventTable } from '../../integration/clickhouse/event-table.ts';
import { randomName, sessionEvent } from '../../support/arbitrary-events.ts';

const table = useEventTable();

beforeAll(async () => {
  // Merges would change the number of parts that an insert creates.
  await table.client.command({ query: 'SYSTEM STOP MERGES session_events' });
});

/** Inserts events with these times in one batch. Returns the number of rows in each part, in month order. */
async function partsOf(times: readonly number[]): Promise<{ month: string; rows: number }[]> {
  await table.client.command({ query: 'TRUNCATE TABLE session_events' });
  const producer = randomName('producer');
  const events = times.map((timeMs, index) => sessionEvent({ producer, sequence: index + 1, timeMs }));
  await table.store.insert(table.store.encode(events));
  return table.rows(
    `SELECT partition AS month, toUInt32(rows) AS rows FROM system.parts
     WHERE database = currentDatabase() AND table = 'session_events' AND active ORDER BY partition, name`,
  );
}

function times(count: number, fromMs: number, stepMs: number): number[] {
  return Array.from({ length: count }, (_, index) => fromMs + index * stepMs);
}

it.each([1, 50_000])('a batch of %i rows in one month creates one part', async (count) => {
  expect(await partsOf(times(count, Date.UTC(2026, 10, 1), 60))).toEqual([{ month: '202611', rows: count }]);
});

it.each([2, 50_000])(
  'a batch of %i rows across the end of a month creates one part per month',
  async (count) => {
    const half = count / 2;
    expect(await partsOf(times(count, Date.UTC(2026, 11, 1) - half, 1))).toEqual([
      { month: '202611', rows: half },
      { month: '202612', rows: half },
    ]);
  },
);

it('a batch whose months alternate from row to row creates one part per month', async () => {
  const alternating = times(3000, 0, 1).map((index) => Date.UTC(2026, 9 + (index % 3), 5) + index);
  expect((await partsOf(alternating)).map(({ month }) => month)).toEqual(['202610', '202611', '202612']);
});

it('a batch of large rows creates one part', async () => {
  const producer = randomName('producer');
  await table.client.command({ query: 'TRUNCATE TABLE session_events' });
  const tags = Array.from(
    { length: 64 },
    (_, index) => `${'\u{1f600}'.repeat(126)}${String(index).padStart(2, '0')}`,
  );
  const events = times(600, Date.UTC(2026, 10, 1), 1).map((timeMs, index) =>
    sessionEvent({ producer, sequence: index + 1, timeMs, tags }),
  );
  const encoded = table.store.encode(events);
  expect(encoded.pieces.join('').length).toBeGreaterThan(9e6);
  await table.store.insert(encoded);
  expect(await table.text("SELECT count() FROM system.parts WHERE table = 'session_events' AND active")).toBe(
    '1\n',
  );
});

// The sink retries a rejected batch, so a limit on the number of months would block the sink permanently.
it('a batch can contain any number of months', async () => {
  const months = times(101, 0, 1).map((month) => Date.UTC(2015, month, 15));
  expect(await partsOf(months)).toHaveLength(101);
});
