import type { UsageFilter, UsageQuery } from '../query/query.ts';
import { type MonthSource, monthWindows, splitByMonths } from '../query/steps/month-source.ts';
import type { PlanStep, SnapshotGuard, StepShape, StepTable } from '../query/steps/step.ts';
import { buildsByMonth, newestTotals, type RollUpState } from './roll-up-state.ts';
import { type RollUpBuild, type RollUpName, rollUpGrains } from './roll-up-tables.ts';
import { signaturesSql } from './signatures-sql.ts';

/**
 * Returns the month sources that read roll-ups, the coarsest first. A source rewrites the steps that its keys are
 * sufficient for, in the months of its current builds. Queries read other steps and months from the event table. The
 * roll-up by quarter hour is used only in queries by tag, for the count of all sessions. For other queries, a projection
 * with the same keys is as fast.
 * @param minRows minimum number of rows of the roll-ups that queries use. With few keys, projections are as fast and need
 * no guards.
 */
export function rollUpSources(state: RollUpState, minRows: number): MonthSource[] {
  const totals = newestTotals(state);
  const quarters = buildsByMonth(state, 'usage_quarters');
  const days = buildsByMonth(state, 'usage_days_by_tag');
  const both = new Map([...days].filter(([month]) => quarters.has(month)));
  return [
    ...(totals === undefined || totals.rows < minRows ? [] : [totalsSource(totals)]),
    ...(![...both.values()].some(({ rows }) => rows >= minRows) ? [] : [daysByTagSource(both, quarters)]),
  ];
}

type BuildsByMonth = ReadonlyMap<number, RollUpBuild>;

function totalsSource(build: RollUpBuild): MonthSource {
  const months = [...build.months.keys()];
  const tableOf = (dimension: string, conditions: readonly string[], shape: StepShape): StepTable => ({
    ...tableOfBuilds('usage_totals', [build], shape),
    filter: [`own.dimension = '${dimension}'`, ...conditions],
  });
  return {
    isOptional: true,
    guards: guardsOf('usage_totals', [build]),
    rewrite(step, query) {
      if (step.table !== undefined || step.windows !== undefined || step.grain === undefined) return [step];
      const tables = totalsTables(query, tableOf);
      if (tables.length === 0) return [step];
      const rest = { ...step, exceptMonths: [...(step.exceptMonths ?? []), ...months] };
      const read = { span: step.span, grain: rollUpGrains.usage_totals, windows: undefined };
      return [rest, ...tables.map((table) => ({ ...read, buckets: step.buckets, table }))];
    },
  };
}

type TotalsTable = (dimension: string, conditions: readonly string[], shape: StepShape) => StepTable;

/** Returns how a query reads the totals, or an empty array if the totals are not sufficient for the query. */
function totalsTables({ groupBy, filter }: UsageQuery, tableOf: TotalsTable): StepTable[] {
  const by = filterOf(filter);
  const own = organisationCondition(filter);
  if (groupBy === 'tag')
    return by === 'none'
      ? [tableOf('all', own, { ...allShape, uses: 'own.uses' }), tableOf('tag', own, keyedShape('own.key'))]
      : [];
  if (groupBy === 'configuration') {
    if (by !== 'none' && by !== 'configurations') return [];
    const shape = unfoldedShape('own.key');
    return [tableOf('configuration', [...own, ...configurationCondition(filter)], shape)];
  }
  const shape = groupBy === 'organisation' ? unfoldedShape('own.organisation_id') : allShape;
  if (by === 'none') return [tableOf('all', own, shape)];
  if (by === 'configurations')
    return [tableOf('configuration', [...own, ...configurationCondition(filter)], shape)];
  if (by === 'other') return [];
  return [tableOf('tag', [...own, ...tagConditions(by, 'own.key')], shape)];
}

function daysByTagSource(days: BuildsByMonth, quarters: BuildsByMonth): MonthSource {
  const months = [...days.keys()];
  const both = months.flatMap((month) => quarters.get(month) ?? []);
  return {
    isOptional: true,
    guards: [...guardsOf('usage_days_by_tag', [...days.values()]), ...storedGuards('usage_quarters', both)],
    rewrite(step, query) {
      const { groupBy, filter } = query;
      const by = filterOf(filter);
      const isByTag = groupBy === 'tag' && by === 'none';
      const isOfTag = groupBy !== 'tag' && groupBy !== 'configuration' && (by === 'tag' || by === 'untagged');
      if (!isByTag && !isOfTag) return [step];
      if (step.grain?.time !== 'month' && step.grain?.time !== 'day') return [step];
      const own = organisationCondition(filter);
      const shape = groupBy === 'organisation' ? unfoldedShape('own.organisation_id') : allShape;
      const read = (
        within: PlanStep,
        name: RollUpName,
        builds: BuildsByMonth,
        table: Partial<StepTable>,
      ) => ({
        ...within,
        grain: rollUpGrains[name],
        table: { ...tableOfBuilds(name, buildsIn(builds, within), allShape), ...table },
      });
      return splitStep(step, months, (within) =>
        isByTag
          ? [
              read(within, 'usage_quarters', quarters, {
                filter: own,
                shape: { ...allShape, uses: 'own.uses' },
              }),
              read(within, 'usage_days_by_tag', days, { filter: own, shape: keyedShape('own.tag') }),
            ]
          : [
              read(within, 'usage_days_by_tag', days, {
                filter: [...own, ...tagConditions(by, 'own.tag')],
                shape,
              }),
            ],
      );
    },
  };
}

/**
 * Splits a step: returns the steps that `read` creates for the given months, and a step for all other times.
 * @param read returns the steps for the given months.
 */
function splitStep(
  step: PlanStep,
  months: readonly number[],
  read: (within: PlanStep & { readonly windows: NonNullable<PlanStep['windows']> }) => readonly PlanStep[],
): readonly PlanStep[] {
  if (step.table !== undefined) return [step];
  if (step.windows === undefined) {
    const { exceptMonths = [], ...whole } = step;
    const open = months.filter((month) => !exceptMonths.includes(month));
    if (open.length === 0) return [step];
    const windows = monthWindows(open);
    return [{ ...step, exceptMonths: [...exceptMonths, ...open] }, ...read({ ...whole, windows })];
  }
  const { within, outside } = splitByMonths(step.windows, new Set(months));
  if (within.length === 0) return [step];
  const rest = outside.length === 0 ? [] : [{ ...step, windows: outside }];
  return [...rest, ...read({ ...step, windows: within })];
}

function buildsIn(builds: BuildsByMonth, { windows = [] }: PlanStep): RollUpBuild[] {
  return [...builds].flatMap(([month, build]) =>
    splitByMonths(windows, new Set([month])).within.length > 0 ? [build] : [],
  );
}

function tableOfBuilds(name: RollUpName, builds: readonly RollUpBuild[], shape: StepShape): StepTable {
  return {
    name,
    sessions: 'own.sessions',
    lastUsed: 'own.last_used',
    conditions: [`own.build IN (${builds.map(({ build }) => build).join(', ')})`],
    isByMonth: false,
    shape,
  };
}

const allShape: StepShape = { kind: '0', key: "''", uses: 'own.sessions' };
/** Shape of rows that belong only to the group of their key. */
const keyedShape = (column: string): StepShape => ({ kind: 'own.kind', key: column, uses: 'own.sessions' });
/** Shape of rows that belong to the group of all sessions and to the group of their key. */
const unfoldedShape = (column: string): StepShape => ({
  kind: 'group.1',
  key: 'group.2',
  uses: 'own.sessions',
  group: `arrayJoin([(0, ''), (1, toString(${column}))])`,
});

type FilterKind = 'none' | 'configurations' | 'tag' | 'untagged' | 'other';

/** Returns which member of a filter, apart from the organisation, selects sessions. */
function filterOf({ configurationIds, tags, untagged }: UsageFilter): FilterKind {
  const counts = [configurationIds.length > 0, tags.length > 0, untagged].filter(Boolean).length;
  if (counts === 0) return 'none';
  if (counts > 1) return 'other';
  if (configurationIds.length > 0) return 'configurations';
  if (untagged) return 'untagged';
  return new Set(tags).size === 1 ? 'tag' : 'other';
}

/** SQL conditions of a filter. `filterConditions` adds the values of their parameters. */
const organisationCondition = ({ organisationId }: UsageFilter) =>
  organisationId === undefined ? [] : ['own.organisation_id = {organisation: String}'];
const configurationCondition = ({ configurationIds }: UsageFilter) =>
  configurationIds.length === 0 ? [] : ['own.key IN {configurations: Array(String)}'];
const tagConditions = (by: FilterKind, column: string) =>
  by === 'untagged' ? ['own.kind = 2'] : ['own.kind = 1', `${column} IN {tags: Array(String)}`];

/** Returns guards that hold if builds are stored completely, and their months have not changed since they were built. */
function guardsOf(name: RollUpName, builds: readonly RollUpBuild[]): SnapshotGuard[] {
  const months = builds.flatMap((one) => [...one.months]).sort(([left], [right]) => left - right);
  const unchanged = {
    from: `SELECT arraySort(groupArray((month, signature))) AS months FROM (${signaturesSql(months.map(([month]) => month))})`,
    holds: `months = ${pairs(months.map(([month, signature]) => [month, signature]))}`,
  };
  return [unchanged, ...storedGuards(name, builds)];
}

function storedGuards(name: RollUpName, builds: readonly RollUpBuild[]): SnapshotGuard[] {
  const stored = builds
    .map(({ build, rows }) => [build, rows] as const)
    .sort(([left], [right]) => (BigInt(left) < BigInt(right) ? -1 : 1));
  return [
    {
      from: `SELECT arraySort(groupArray((build, rows))) AS builds
  FROM (SELECT build, count() AS rows FROM ${name} WHERE build IN (${stored.map(([build]) => build).join(', ')}) GROUP BY build)`,
      holds: `builds = ${pairs(stored)}`,
    },
  ];
}

function pairs(values: readonly (readonly [number | string, number | string])[]): string {
  return `CAST([${values.map((pair) => `(${pair.join(', ')})`).join(', ')}], 'Array(Tuple(UInt64, UInt64))')`;
}
