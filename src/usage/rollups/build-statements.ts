import type { RollUpBuild, RollUpName } from './roll-up-tables.ts';
import { signaturesSql } from './signatures-sql.ts';

/**
 * Settings of the builds. One thread leaves the other cores to sinks and queries. Groups beyond 256 MiB, as with millions
 * of tags, are moved to the disk.
 */
const buildSettings =
  'max_threads = 1, max_insert_threads = 1, async_insert = 0, max_bytes_before_external_group_by = 268435456';

/** Returns the statement that fills the partition `build` with one month of the event table, by UTC quarter hour. */
export function quartersStatement(month: number, build: string): string {
  return `
  INSERT INTO usage_quarters (build, quarter, organisation_id, sessions, uses, last_used)
  SELECT ${build}, quarter, organisation_id, sum(n), sum(n * greatest(length(tags), 1)), max(last) FROM (
    SELECT quarter, organisation_id, tags, count() AS n, max(time) AS last
    FROM session_events WHERE _partition_id = '${month}' GROUP BY quarter, organisation_id, tags)
  GROUP BY quarter, organisation_id SETTINGS ${buildSettings}`;
}

/** Returns the statement that fills the partition `build` with the tags of one month, by UTC day. */
export function daysByTagStatement(month: number, build: string): string {
  return `
  INSERT INTO usage_days_by_tag (build, organisation_id, kind, tag, day, sessions, last_used)
  SELECT ${build}, organisation_id, group.1 AS kind, group.2 AS tag, day, sum(n), max(last) FROM (
    SELECT organisation_id, day, n, last,
      arrayJoin(if(empty(tags), [(2, '')], arrayMap(t -> (1, toString(t)), tags))) AS group
    FROM (SELECT day, organisation_id, tags, count() AS n, max(time) AS last
      FROM session_events WHERE _partition_id = '${month}' GROUP BY day, organisation_id, tags))
  GROUP BY organisation_id, kind, tag, day SETTINGS ${buildSettings}`;
}

const insertTotals =
  'INSERT INTO usage_totals (build, dimension, organisation_id, kind, key, sessions, uses, last_used)';

/** Returns the statements that fill the partition `build` of the totals from builds of the other roll-ups. */
export function totalsStatements(
  quarters: readonly RollUpBuild[],
  daysByTag: readonly RollUpBuild[],
  build: string,
): string[] {
  const months = quarters.flatMap((one) => [...one.months.keys()]);
  const buildsOf = (builds: readonly RollUpBuild[]) => builds.map((one) => one.build).join(', ');
  return [
    `${insertTotals}
    SELECT ${build}, 'all', organisation_id, 0, '', sum(sessions), sum(uses), max(last_used)
    FROM usage_quarters WHERE build IN (${buildsOf(quarters)}) GROUP BY organisation_id SETTINGS ${buildSettings}`,
    `${insertTotals}
    SELECT ${build}, 'configuration', organisation_id, 1, configuration_id, count() AS n, n, max(time)
    FROM session_events WHERE _partition_id IN (${months.map((month) => `'${month}'`).join(', ')})
    GROUP BY organisation_id, configuration_id SETTINGS ${buildSettings}`,
    `${insertTotals}
    SELECT ${build}, 'tag', organisation_id, kind, tag, sum(sessions) AS n, n, max(last_used)
    FROM usage_days_by_tag WHERE build IN (${buildsOf(daysByTag)})
    GROUP BY organisation_id, kind, tag SETTINGS ${buildSettings}`,
  ];
}

/** Query for the number of rows, sessions and uses in a build, by dimension (`all` for roll-ups without dimensions). */
export function buildCountsQuery(name: RollUpName, build: string): string {
  const dimension = name === 'usage_totals' ? 'toString(own.dimension)' : "'all'";
  const uses = name === 'usage_days_by_tag' ? 'sum(own.sessions)' : 'sum(own.uses)';
  return `SELECT ${dimension} AS part, count() AS rows, sum(own.sessions) AS sessions, ${uses} AS uses
  FROM ${name} AS own WHERE own.build = ${build} GROUP BY part`;
}

/** Returns the statement that registers a complete build. Queries can use the build from then on. */
export function registerStatement(build: RollUpBuild, builtAt: string, seconds: number): string {
  const months = [...build.months.keys()].join(', ');
  const signatures = [...build.months.values()].join(', ');
  return `INSERT INTO usage_roll_ups (name, months, build, signatures, rows, built_at, seconds)
  SELECT '${build.name}', [${months}], ${build.build}, CAST([${signatures}], 'Array(UInt64)'), ${build.rows}, '${builtAt}', ${seconds}`;
}

/** Returns the statement that removes a build. */
export function dropBuildStatement(name: RollUpName, build: string): string {
  return `ALTER TABLE ${name} DROP PARTITION ID '${build}' SETTINGS max_partition_size_to_drop = 0`;
}

/**
 * Query for the state of the roll-ups: the registered builds, the builds in each table with their rows, and the
 * signatures of the event table. Plans may use an outdated state, because their guards check the state again.
 */
export const stateQuery = `
  SELECT 'registered' AS part, toString(name) AS name, toString(build) AS build, months,
    arrayMap(s -> toString(s), signatures) AS signatures, rows FROM usage_roll_ups FINAL
  UNION ALL
  SELECT 'stored', 'usage_quarters', toString(build), [], [], count() FROM usage_quarters GROUP BY build
  UNION ALL
  SELECT 'stored', 'usage_days_by_tag', toString(build), [], [], count() FROM usage_days_by_tag GROUP BY build
  UNION ALL
  SELECT 'stored', 'usage_totals', toString(build), [], [], count() FROM usage_totals GROUP BY build
  UNION ALL
  SELECT 'month', '', '', [month], [toString(signature)], rows FROM (${signaturesSql()})`;
