import { planUsage } from '../plan.ts';
import { everything, type GroupBy, singleSpan } from '../query.ts';
import { groupKinds, ofKind, type UsageSql, usageSource } from '../sql.ts';
import type { UsagePlan } from '../steps/step.ts';

export type UsedKind = 'configuration' | 'tag';

/** A configuration or tag with its total number of sessions and its last use. */
export interface UsedKey {
  readonly kind: UsedKind;
  readonly key: string;
  readonly total: number;
  readonly lastUsedMs: number;
}

export interface UsedKeysQuery {
  /** Undefined: keys of all organisations. */
  readonly organisationId: string | undefined;
  readonly kinds: readonly UsedKind[];
  /** Limits the tags to those whose last use is before this instant. */
  readonly usedBeforeMs: number;
  /** Limits the tags to those after this one, in the order of last use and key. */
  readonly afterTag: { readonly lastUsedMs: number; readonly tag: string } | undefined;
  /** Maximum number of tags. */
  readonly tagLimit: number;
}

/**
 * Returns the statement that reads `kind`, `key`, `total` and `lastUsedMs` of every used configuration and of one
 * page of tags, sorted by last use. All configurations are returned, because there are few, and the caller must add
 * those that were never used.
 * @param rewrite makes the plans of the statement read months from month sources.
 */
export function usedKeysSql(
  { organisationId, kinds, usedBeforeMs, afterTag, tagLimit }: UsedKeysQuery,
  rewrite: (plan: UsagePlan) => UsagePlan,
): UsageSql {
  const params: Record<string, unknown> = {};
  const source = (groupBy: GroupBy) =>
    usageSource(
      rewrite(
        planUsage({
          filter: everything(organisationId),
          groupBy,
          spans: [singleSpan('total')],
          order: { by: 'lastUsed', descending: false },
        }),
      ),
      params,
    );
  const branches = kinds.map(
    (kind) =>
      `SELECT '${kind}' AS keyKind, key, n, last FROM (${source(kind)}) WHERE ${ofKind(groupKinds.key)}`,
  );
  const isOfPage = [`lastUsedMs < ${usedBeforeMs}`];
  if (afterTag !== undefined) {
    isOfPage.push(`(lastUsedMs, key) > (${afterTag.lastUsedMs}, {afterTag: String})`);
    params['afterTag'] = afterTag.tag;
  }
  return {
    sql: `SELECT keyKind AS kind, key, sum(n) AS total, toUnixTimestamp64Milli(max(last)) AS lastUsedMs
FROM (${branches.join('\nUNION ALL\n')}) GROUP BY keyKind, key
HAVING keyKind != 'tag' OR (${isOfPage.join(' AND ')})
ORDER BY lastUsedMs, key LIMIT ${tagLimit} BY if(keyKind = 'tag', '', key)`,
    params,
  };
}

/**
 * Returns the statement that reads the newest buckets in which each key was used. Its columns are `key` and `buckets`
 * (ascending).
 */
export function newestBucketsSql(plan: UsagePlan, keys: readonly string[], mostBuckets: number): UsageSql {
  const params: Record<string, unknown> = { keys };
  const source = usageSource(plan, params);
  return {
    sql: `SELECT key, arraySort(arraySlice(arrayReverseSort(groupUniqArray(bucket)), 1, ${mostBuckets})) AS buckets
FROM (${source}) WHERE ${ofKind(groupKinds.key)} AND (kind = ${groupKinds.guard} OR key IN {keys: Array(String)}) GROUP BY key`,
    params,
  };
}
