import { beforeAll, describe, expect, it } from 'vitest';
import {
  createEmbeddedStreams,
  createServerStreams,
  type OpenStream,
} from '../../../src/platform/clickhouse/client.ts';
import { createQueryPool } from '../../../src/platform/clickhouse/pool.ts';
import { writeCsv } from '../../../src/platform/http/formats/csv.ts';
import type { AnswerDeps } from '../../../src/usage/answers/frame.ts';
import { createClickHouseUsageStore } from '../../../src/usage/query/clickhouse-usage-store.ts';
import { planUsage } from '../../../src/usage/query/plan.ts';
import { everything, type UsageQuery } from '../../../src/usage/query/query.ts';
import { seriesTable } from '../../../src/usage/tables/series.ts';
import { sessionTable } from '../../../src/usage/tables/sessions.ts';
import { type Engine, engines, nowMs, useEventTable } from './event-table.ts';

const startMs = Date.UTC(2026, 0, 1);
const days = 20;
const tagCount = 200;
const window = { startMs, endMs: startMs + days * 86_400_000 };
const eventCount = { 'in this process': 50_000, 'on a server': 5000 };

describe.each(engines)('streamed usage %s', (engine: Engine) => {
  const table = useEventTable(engine);
  const rows = eventCount[engine];

  /** Every session has one of 200 tags. Every 50th session also has the tag `second`. */
  beforeAll(async () => {
    await table.client.command({
      query: `INSERT INTO session_events (organisation_id, configuration_id, session_id, time, tags, viewer, producer, partition, sequence)
        SELECT 'default', concat('c', toString(number % 7)), generateUUIDv4(),
          fromUnixTimestamp64Milli(toInt64(${startMs} + intDiv(number * ${days * 86_400_000}, ${rows})), 'UTC'),
          if(number % 50 = 0, ['second', concat('t', toString(number % ${tagCount}))], [concat('t', toString(number % ${tagCount}))]),
          leftPad(hex(number % 1000), 32, '0'), 'p', 0, number
        FROM numbers(${rows})`,
    });
  });

  function createStore() {
    const openStream: OpenStream =
      engine === 'in this process'
        ? createEmbeddedStreams(table.directory)
        : createServerStreams(table.client);
    return createClickHouseUsageStore(
      createQueryPool([table.client], openStream, { queryTimeoutMs: 60_000 }),
    );
  }
  const depsOf = () => ({ store: createStore(), clock: { nowMs: () => nowMs } }) as unknown as AnswerDeps;

  it.each(['none', 'configuration', 'tag'] as const)(
    'has the same groups as a response that is not streamed (groupBy: %s)',
    async (groupBy) => {
      const buckets = { kind: 'quarterHours' } as const;
      const query: UsageQuery = {
        ...{ filter: { ...everything('default'), tags: ['t1', "it's", 't50'] }, groupBy, limit: 20 },
        spans: [{ name: 'range', stretches: [{ window, buckets }] }],
        order: { by: 'range', descending: true },
      };
      const [store, plan] = [createStore(), planUsage(query)];
      const read = await store.read(plan);
      const { all, groups } = await store.stream(plan);
      const streamed = [];
      for await (const batch of groups) streamed.push(...batch);
      const sorted = (group: typeof all) => ({
        ...group,
        points: group.points.toSorted((one, other) => one.bucket - other.bucket),
      });
      expect(sorted(all)).toEqual(sorted(read.all));
      expect(streamed.map(sorted)).toEqual(read.groups.map(sorted));
      expect(all.sessions.range).toBeGreaterThan(0);
    },
  );

  it('contains each session once, newest first', async () => {
    const sessions = await sessionTable(depsOf(), everything('default'), {
      from: '2026-01-01',
      to: '2026-01-21',
    });
    const ids = new Set<unknown>();
    let [count, lastMs] = [0, Number.POSITIVE_INFINITY];
    for await (const batch of sessions.rows)
      for (const [id, time] of batch) {
        ids.add(id);
        count += 1;
        const timeMs = Date.parse(String(time));
        expect(timeMs <= lastMs).toBe(true);
        lastMs = timeMs;
      }
    expect([count, ids.size]).toEqual([rows, rows]);
  }, 60_000);

  it('is written as CSV with one row per bucket and tag, in constant memory', async () => {
    const request = {
      ...{ from: '2026-01-01', to: '2026-01-21', granularity: 'quarterHour' as const },
      ...{ groupBy: 'tag' as const, top: engine === 'in this process' ? 200 : 20 },
    };
    const series = await seriesTable(depsOf(), everything('default'), request);
    let [bytes, lines, peak] = [0, 0, 0];
    const before = process.memoryUsage().heapUsed;
    for await (const text of writeCsv(series, { withByteOrderMark: false, isRaw: false })) {
      bytes += text.length;
      lines += text.split('\n').length - 1;
      peak = Math.max(peak, process.memoryUsage().heapUsed);
    }
    // One series per tag within `top`, and one with the sum of the other tags.
    expect(lines - 1).toBe((request.top + 1) * days * 96);
    expect(bytes).toBeGreaterThan(lines * 60);
    expect(peak - before).toBeLessThan(100_000_000);
  }, 120_000);
});
