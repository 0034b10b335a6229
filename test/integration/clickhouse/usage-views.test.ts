import { beforeAll, describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../../src/events/session-event.ts';
import { readProjectFile } from '../../support/deploy/compose.ts';
import { randomEvents } from './counted.ts';
import { engines, useEventTable } from './event-table.ts';

/** The documented columns of each view. They must not change. */
const columns = {
  usage_by_quarter_hour: [
    ...['organisation_id LowCardinality(String)', 'configuration_id LowCardinality(String)'],
    ...['tags Array(LowCardinality(String))', "quarter_hour DateTime('UTC')", 'sessions UInt64'],
    "last_used DateTime64(3, 'UTC')",
  ],
  usage_by_day: [
    ...['organisation_id LowCardinality(String)', 'configuration_id LowCardinality(String)'],
    ...[
      'tags Array(LowCardinality(String))',
      'day Date',
      'sessions UInt64',
      "last_used DateTime64(3, 'UTC')",
    ],
  ],
  sessions: [
    ...['session_id UUID', "time DateTime64(3, 'UTC')", 'organisation_id LowCardinality(String)'],
    ...['configuration_id LowCardinality(String)', 'tags Array(LowCardinality(String))'],
  ],
};

interface Panel {
  readonly title: string;
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly targets: readonly { readonly rawSql: string }[];
}
interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string }[] };
}
const dashboard = JSON.parse(readProjectFile('dashboards/grafana/dashboards/usage.json')) as Dashboard;

/** Returns the SQL blocks of a page that follow a `run by` comment with the path of this file. */
function readStatements(page: string): string[] {
  const start = '<!-- run by test/integration/clickhouse/usage-views.test.ts -->\n```sql\n';
  return readProjectFile(page)
    .split(start)
    .slice(1)
    .map((rest) => rest.slice(0, rest.indexOf('```')));
}

/** Replaces the macros and variables as Grafana and its ClickHouse plugin do. The time range contains all events. */
function expand(sql: string, events: readonly SessionEvent[]): string {
  const times = events.map(({ timeMs }) => Math.floor(timeMs / 1000));
  const from = `toDateTime(${Math.min(...times) - 86_400})`;
  const to = `toDateTime(${Math.max(...times) + 86_400})`;
  const organisations = [...new Set(events.map(({ organisationId }) => `'${organisationId}'`))].join(',');
  return sql
    .replace(/\$__timeFilter\((\w+)\)/g, `$1 >= ${from} AND $1 <= ${to}`)
    .replaceAll('$__fromTime', from)
    .replaceAll('$__toTime', to)
    .replaceAll('$__interval_s', '3600')
    .replace(/\$\{organisation:singlequote\}/g, organisations);
}

describe.each(engines)('the views for BI tools %s', (engine) => {
  const table = useEventTable(engine);
  // The documented queries read the last weeks, so the events end now.
  const sample = randomEvents(400, 20261130);
  const shiftMs = Date.now() - Math.max(...sample.map(({ timeMs }) => timeMs));
  const events = sample.map((event) => ({ ...event, timeMs: event.timeMs + shiftMs }));

  beforeAll(async () => {
    await table.store.insert(table.store.encode(events));
  });

  it('have the documented columns and no others', async () => {
    for (const [view, expected] of Object.entries(columns)) {
      const described = await table.rows<{ name: string; type: string }>(`DESCRIBE TABLE ${view}`);
      expect(described.map(({ name, type }) => `${name} ${type}`)).toEqual(expected);
      for (const column of expected)
        expect(readProjectFile('docs/reference/sql-views.md')).toContain(`\`${column.split(' ')[0]}\``);
    }
  });

  it.each([
    { view: 'usage_by_quarter_hour', time: 'quarter_hour', unitMs: 900_000 },
    { view: 'usage_by_day', time: 'day', unitMs: 86_400_000 },
  ])('$view: has the counts of a direct count, from a projection', async ({ view, time, unitMs }) => {
    const expected = new Map<string, { n: number; lastMs: number }>();
    for (const { organisationId, configurationId, tags, timeMs } of events) {
      const key = JSON.stringify([organisationId, configurationId, tags, timeMs - (timeMs % unitMs)]);
      const { n, lastMs } = expected.get(key) ?? { n: 0, lastMs: 0 };
      expected.set(key, { n: n + 1, lastMs: Math.max(lastMs, timeMs) });
    }
    const rows = await table.rows<{ key: unknown[]; n: string; last: string }>(
      `SELECT (organisation_id, configuration_id, tags, toInt64(toUnixTimestamp(toDateTime(${time}, 'UTC'))) * 1000) AS key,
        sessions AS n, toUnixTimestamp64Milli(last_used) AS last FROM ${view}`,
    );
    const actual = rows.map(({ key, n, last }) => {
      const [organisation, configuration, tags, startMs] = key;
      return [
        JSON.stringify([organisation, configuration, tags, Number(startMs)]),
        { n: Number(n), lastMs: Number(last) },
      ] as const;
    });
    expect(actual.length).toBe(expected.size);
    expect(new Map(actual)).toEqual(expected);
    const plan = await table.text(
      `EXPLAIN SELECT ${time}, sum(sessions) FROM ${view} WHERE ${time} >= toDate('2026-01-01') GROUP BY ${time}`,
    );
    expect(plan).toMatch(/ReadFromMergeTree \((quarters|days)_by_tags\)/);
  });

  it('sessions has one row for each session', async () => {
    const ids = await table.rows<{ id: string }>(
      'SELECT toString(session_id) AS id FROM sessions ORDER BY id',
    );
    expect(ids.map(({ id }) => id)).toEqual(events.map(({ sessionId }) => sessionId).toSorted());
  });

  it('answer the documented queries for Grafana, Metabase and Power BI', async () => {
    const statements = readStatements('docs/how-to/bi-tools.md');
    expect(statements).toHaveLength(4);
    for (const statement of statements) {
      const rows = await table.rows<Record<string, unknown>>(expand(statement, events));
      expect(rows.length, statement).toBeGreaterThan(0);
    }
  });

  it('answer the query of each panel and variable of the Grafana dashboard', async () => {
    const { panels, templating } = dashboard;
    expect(panels.length).toBeGreaterThan(5);
    const read = (sql: string) => table.rows<Record<string, unknown>>(expand(sql, events));
    for (const { title, datasource, targets } of panels) {
      expect(datasource).toEqual({
        type: 'grafana-clickhouse-datasource',
        uid: expect.stringMatching(/^\$\{datasource\}$/),
      });
      expect(targets, title).toHaveLength(1);
      for (const { rawSql } of targets) {
        expect(rawSql).toMatch(/FROM (usage_by_quarter_hour|usage_by_day|sessions)\b/);
        expect((await read(rawSql)).length, title).toBeGreaterThan(0);
      }
    }
    const total = panels.find(({ title }) => title === 'Sessions')?.targets[0]?.rawSql ?? '';
    expect(await read(total)).toEqual([{ sessions: events.length }]);
    const organisations = templating.list.find(({ name }) => name === 'organisation')?.query ?? '';
    expect((await read(organisations)).map((row) => row['organisation'])).toEqual(['default', 'other-org']);
  });
});
