import { useScope } from '../../app/session-context.ts';
import { useUsageOf } from './use-usage-of.ts';

/** Loads a map from the ids of configurations to their names. It is empty for an API token without the scope `usage:read`. */
export function useNames(ids: readonly string[]): ReadonlyMap<string, string> {
  const canReadUsage = useScope('usage:read');
  const unique = canReadUsage ? [...new Set(ids)].toSorted() : [];
  const usage = useUsageOf(unique, 'UTC').data.value;
  return new Map([...(usage ?? [])].map(([id, { name }]) => [id, name]));
}
