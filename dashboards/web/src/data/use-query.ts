import { useEffect, useMemo, useRef } from 'preact/hooks';
import { pulse } from './live.ts';
import { createQuery, type Load, type Query } from './query.ts';

export interface QueryOptions {
  /** Minimum time between two loads that new sessions cause. Without it, new sessions do not reload the query. */
  readonly liveMs?: number;
  /** Time between two requests while the page is visible. */
  readonly everyMs?: number;
}

/** Returns a query for the lifetime of a component. It loads when `key` changes. */
export function useQuery<Data>(key: string, load: Load<Data>, options: QueryOptions = {}): Query<Data> {
  const query = useMemo(() => createQuery<Data>(), []);
  const loadedAt = useRef(0);
  const { liveMs, everyMs } = options;
  const loadedKey = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (loadedKey.current !== key) loadedAt.current = performance.now();
    loadedKey.current = key;
    query.change(key, load);
  });
  useEffect(() => {
    if (liveMs === undefined) return;
    return pulse.subscribe(() => {
      if (performance.now() - loadedAt.current < liveMs) return;
      loadedAt.current = performance.now();
      query.refresh();
    });
  }, [query, liveMs]);
  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => {
      if (!document.hidden) query.refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [query, everyMs]);
  useEffect(() => () => query.close(), [query]);
  return query;
}
