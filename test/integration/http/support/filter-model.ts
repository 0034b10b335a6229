/** An independent, simple implementation of the usage filters. Tests compare it with the API. */

export interface CountedSession {
  readonly configuration: string;
  readonly tags: readonly string[];
}

export interface ModelFilter {
  readonly configurations: readonly string[];
  readonly tags: readonly string[];
  readonly match: 'any' | 'all';
  readonly untagged: boolean;
}

export function countMatching(sessions: readonly CountedSession[], filter: ModelFilter): number {
  return sessions.filter((session) => matches(session, filter)).length;
}

function matches(session: CountedSession, { configurations, tags, match, untagged }: ModelFilter): boolean {
  if (configurations.length > 0 && !configurations.includes(session.configuration)) return false;
  if (untagged && session.tags.length > 0) return false;
  const hasTag = (tag: string) => session.tags.includes(tag);
  return tags.length === 0 || (match === 'any' ? tags.some(hasTag) : tags.every(hasTag));
}

export function queryOf(filter: ModelFilter, idOf: (configuration: string) => string): string {
  const query = new URLSearchParams({ match: filter.match });
  for (const tag of filter.tags) query.append('tag', tag);
  for (const name of filter.configurations) query.append('configurationId', idOf(name));
  if (filter.untagged) query.append('untagged', 'true');
  return query.toString();
}

/** Returns every combination of the tag lists and configuration lists with both values of `match` and `untagged`. */
export function combine(
  tagLists: readonly string[][],
  configurationLists: readonly string[][],
): ModelFilter[] {
  return tagLists.flatMap((tags) =>
    configurationLists.flatMap((configurations) =>
      (['any', 'all'] as const).flatMap((match) =>
        [false, true].map((untagged) => ({ tags, configurations, match, untagged })),
      ),
    ),
  );
}

/** Calls `work` for each item, at most six at a time. */
export async function forEachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 6 }, worker));
}
