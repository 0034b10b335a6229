import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Grouping, totalsQuery, type UsageQuery, windowQuery } from '../../../src/usage/queries.ts';
import type { UsageFilter, UsageWindow } from '../../../src/usage/usage-store.ts';
import { earliestMs, latestMs } from '../../support/arbitrary-events.ts';
import {
  anyFilter,
  anyWindow,
  type Counted,
  countPlainly,
  fromMs,
  quarterMs,
  randomEvents,
} from './counted.ts';
import { engines, useEventTable } from './event-table.ts';

describe.each(engines)('ClickHouse %s', (engine) => {
  const table = useEventTable(engine);
  const events = randomEvents(3000, 20261121);
  const groupings: readonly Grouping[] = ['none', 'configuration', 'tag'];
  const everything: UsageFilter = {
    organisationId: undefined,
    configurationIds: [],
    tags: [],
    match: 'any',
    untagged: false,
  };

  beforeAll(async () => {
    // Several parts in each month, as the sink leaves them.
    for (let from = 0; from < events.length; from += 1000)
      await table.store.insert(table.store.encode(events.slice(from, from + 1000)));
  });

  function queryOf(filter: UsageFilter, grouping: Grouping, window: UsageWindow | undefined): UsageQuery {
    return window === undefined ? totalsQuery(filter, grouping) : windowQuery(filter, grouping, window);
  }

  /** Settings stand in the statement: beside it they would stick to chdb's connection. */
  async function ask({ sql, params }: UsageQuery, settings = ''): Promise<Map<string | null, Counted>> {
    const rows = await table.rows<{ key: string | null; n: string; lastMs: string }>(`${sql} ${settings}`, {
      ...params,
    });
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
    return new Map(rows.map(({ key, n, lastMs }) => [key, { n: Number(n), lastMs: Number(lastMs) }]));
  }

  async function tablesRead({ sql, params }: UsageQuery): Promise<string[]> {
    const plan = await table.text(`EXPLAIN ${sql}`, { ...params });
    return plan.match(/Read[A-Z]\w+( \(.*?\))?/g) ?? [];
  }

  /** Every shape that a filter can have. */
  const shapes: readonly UsageFilter[] = [undefined, 'default'].flatMap((organisationId) =>
    [[], ['a', 'never']].flatMap((configurationIds) =>
      [[], ["it's", 'NULL']].flatMap((tags) =>
        (['any', 'all'] as const).flatMap((match) =>
          [false, true].map((untagged) => ({ organisationId, configurationIds, tags, match, untagged })),
        ),
      ),
    ),
  );

  describe('every query of the usage API', () => {
    it.each(groupings)(
      'is answered by the projection that it names, in every shape of filter, by %s',
      async (grouping) => {
        const day = { startMs: fromMs + 86_400_000, endMs: fromMs + 2 * 86_400_000 };
        for (const filter of shapes)
          for (const window of [undefined, day]) {
            const query = queryOf(filter, grouping, window);
            expect(await tablesRead(query)).toEqual([`ReadFromMergeTree (${query.projection})`]);
          }
      },
    );

    it('counts what a plain count counts: by its projection, by force of it, and by the rows themselves', async () => {
      await fc.assert(
        fc.asyncProperty(
          anyFilter,
          fc.constantFrom(...groupings),
          fc.option(anyWindow, { nil: undefined, freq: 3 }),
          async (filter, grouping, window) => {
            const query = queryOf(filter, grouping, window);
            const plain = countPlainly(events, filter, grouping, window);
            const forced = `SETTINGS force_optimize_projection = 1, force_optimize_projection_name = '${query.projection}'`;
            expect(await ask(query)).toEqual(plain);
            // Where there is nothing to read there is nothing to force.
            if (plain.size > 0) expect(await ask(query, forced)).toEqual(plain);
            expect(await ask(query, 'SETTINGS optimize_use_projections = 0')).toEqual(plain);
          },
        ),
        { numRuns: 25 },
      );
    });

    it('puts each session into exactly one quarter of an hour', async () => {
      const filter = { ...everything, organisationId: 'default', configurationIds: ['b'] };
      const span = { startMs: fromMs, endMs: fromMs + 8 * quarterMs };
      let sum = 0;
      for (let startMs = span.startMs; startMs < span.endMs; startMs += quarterMs) {
        const counted = await ask(windowQuery(filter, 'none', { startMs, endMs: startMs + quarterMs }));
        sum += counted.get('')?.n ?? 0;
      }
      expect(sum).toBe(countPlainly(events, filter, 'none', span).get('')?.n);
      expect(sum).toBeGreaterThan(0);
    });

    it('says the same after a merge', async () => {
      const before = await Promise.all(groupings.map((grouping) => ask(totalsQuery(everything, grouping))));
      await table.client.command({ query: 'OPTIMIZE TABLE session_events FINAL' });
      for (const [index, grouping] of groupings.entries()) {
        expect(await ask(totalsQuery(everything, grouping))).toEqual(before[index]);
        expect(await tablesRead(totalsQuery(everything, grouping))).toHaveLength(1);
      }
    });

    it('answers nothing from an empty table, not a row of zeros', async () => {
      await table.client.command({ query: 'TRUNCATE TABLE session_events' });
      for (const grouping of groupings) {
        expect(await ask(totalsQuery(everything, grouping))).toEqual(new Map());
        expect(
          await ask(windowQuery(everything, grouping, { startMs: earliestMs, endMs: latestMs + 1 })),
        ).toEqual(new Map());
      }
    });
  });
});
