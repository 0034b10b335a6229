import type { UsageStore } from '../query/usage-store.ts';

export interface TagBudgetConfig {
  /** Maximum number of distinct tags of an organisation. */
  readonly maxTags: number;
}

export interface TagBudgetDeps {
  readonly store: Pick<UsageStore, 'tagCounts'>;
  /** Returns a time that never decreases, in milliseconds. */
  readonly monotonicMs: () => number;
}

/** The budget of distinct tags, which every organisation has. Its answers come from the newest count. */
export interface TagBudget {
  /**
   * Returns whether an organisation (undefined: any organisation) had more distinct tags than its budget when the tags
   * were last counted. Starts the next count if it is due, and does not wait for it.
   */
  isExceeded(organisationId: string | undefined): boolean;
  /** Returns the number of organisations over their budget. Starts the next count if it is due. */
  exceededCount(): number;
  /** Returns the number of distinct tags of the organisation that has the most. Starts the next count if it is due. */
  mostTags(): number;
}

const minIntervalMs = 10_000;
/** The next count waits 20 times as long as the previous one took. Counting therefore uses at most 5 % of the time. */
const intervalPerDuration = 20;

/**
 * Creates the budget. It counts the tags of all organisations in one query, at most every 10 s, and less often if the
 * query is slow. A failed count keeps the previous numbers, and the next one is due at the usual time.
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
      // The store reports its failures through the answers that need it. The budget keeps the previous numbers.
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

/** Member of a response whose organisation has more distinct tags than its budget. */
export interface TagBudgetFrame {
  readonly tagBudgetExceeded?: true;
}

/** Returns the member for a response. Empty if the organisation is within its budget. */
export function tagBudgetFrame(
  { tagBudget }: { readonly tagBudget: Pick<TagBudget, 'isExceeded'> },
  organisationId: string | undefined,
): TagBudgetFrame {
  return tagBudget.isExceeded(organisationId) ? { tagBudgetExceeded: true } : {};
}
