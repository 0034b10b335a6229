import type { UsageStore } from '../query/usage-store.ts';

export interface TagBudgetConfig {
  /** Number of distinct tags that an organisation can have before its responses contain `tagBudgetExceeded`. */
  readonly maxTags: number;
}

export interface TagBudgetDeps {
  readonly store: Pick<UsageStore, 'tagCounts'>;
  /** Returns the time of a clock that is never set, in milliseconds. */
  readonly monotonicMs: () => number;
}

/**
 * Compares the number of distinct tags of each organisation with the budget. The methods use the latest count, so
 * they do not wait for the store.
 */
export interface TagBudget {
  /**
   * Returns whether an organisation is over its budget. Without an organisation, returns whether any organisation is.
   * Starts the next count if it is due.
   */
  isExceeded(organisationId: string | undefined): boolean;
  /** Returns the number of organisations over their budget. Starts the next count if it is due. */
  exceededCount(): number;
  /** Returns the highest number of distinct tags that any organisation has. Starts the next count if it is due. */
  mostTags(): number;
}

const minIntervalMs = 10_000;
/**
 * Minimum wait before the next count, as a multiple of the duration of the previous count. With it, counting takes at
 * most 5 % of the time.
 */
const intervalPerDuration = 20;

/**
 * Creates the budget. One query counts the tags of all organisations. It runs at most every 10 s, and less often if
 * it is slow. If a count fails, the previous numbers stay in use, and the next count starts as if the failed one had
 * succeeded.
 */
export function createTagBudget({ maxTags }: TagBudgetConfig, deps: TagBudgetDeps): TagBudget {
  let counts: ReadonlyMap<string, number> = new Map();
  let isCounting = false;
  let nextMs = Number.NEGATIVE_INFINITY;

  async function count(): Promise<void> {
    const startedMs = deps.monotonicMs();
    try {
      const rows = await deps.store.tagCounts();
      counts = new Map(rows.map(({ organisationId, tags }) => [organisationId, tags]));
    } catch {
      // The error is ignored, because other usage queries report an unavailable store. The previous numbers stay in
      // use.
    } finally {
      const endedMs = deps.monotonicMs();
      nextMs = endedMs + Math.max(minIntervalMs, (endedMs - startedMs) * intervalPerDuration);
      isCounting = false;
    }
  }

  function newestCounts(): ReadonlyMap<string, number> {
    if (!isCounting && deps.monotonicMs() >= nextMs) {
      isCounting = true;
      void count();
    }
    return counts;
  }

  const exceededCount = () => [...newestCounts().values()].filter((tags) => tags > maxTags).length;
  return {
    isExceeded: (organisationId) =>
      organisationId === undefined
        ? exceededCount() > 0
        : (newestCounts().get(organisationId) ?? 0) > maxTags,
    exceededCount,
    mostTags: () => Math.max(0, ...newestCounts().values()),
  };
}

/** Member that a response has if the organisation is over its tag budget. */
export interface TagBudgetFrame {
  readonly tagBudgetExceeded?: true;
}

/** Returns the member for a response. Empty if the organisation is not over its budget. */
export function tagBudgetFrame(
  { tagBudget }: { readonly tagBudget: Pick<TagBudget, 'isExceeded'> },
  organisationId: string | undefined,
): TagBudgetFrame {
  return tagBudget.isExceeded(organisationId) ? { tagBudgetExceeded: true } : {};
}
