import { useScope } from '../../app/session-context.ts';
import { useUsageOf } from './use-usage-of.ts';

/** Returns the names of configurations by id. It is empty for an API token that may not read usage. */
export function useNames(ids: readonly string[]): ReadonlyMap<string, string> {
  const canReadUsage = useScope('usage:read');
  const unique = canReadUsage ? [...new Set(ids)].toSorted() : [];
  const usage = useUsageOf(unique, 'UTC').data.value;
  return new Map([...(usage ?? [])].map(([id, { name }]) => [id, name]));
}
