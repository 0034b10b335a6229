import { tableLines } from './table.ts';
import { quoted } from './terminal-text.ts';

/** A token configuration in an API response. */
export interface ConfigurationAnswer {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly createdAt: string;
}

/** A key whose tokens are accepted. `acceptedUntil` is null for the newest key only. */
export interface AcceptedKey {
  readonly createdAt: string;
  readonly acceptedUntil: string | null;
}

/** Usage statistics of a configuration in an API response. */
export interface UsageAnswer {
  readonly configurationId: string;
  readonly name: string;
  readonly timeZone: string;
  readonly dayStart: string;
  readonly lastUsed: string | null;
  readonly today: number;
  readonly total: number;
  readonly completeThrough: string | null;
}

export const configurationsPath = '/api/v1/web-access-tokens/configurations';

export function pathOf(id: string): string {
  return `${configurationsPath}/${encodeURIComponent(id)}`;
}

/** Formats the id and name of a configuration for use in a sentence. */
export function named({ id, name }: Pick<ConfigurationAnswer, 'id' | 'name'>): string {
  return `${id} "${quoted(name)}"`;
}

export function configurationTable(configurations: readonly ConfigurationAnswer[]): string[] {
  const rows = configurations.map(({ id, name, enabled, createdAt }) => [
    ...[id, quoted(name), stateOf(enabled), createdAt],
  ]);
  return tableLines([['ID', 'NAME', 'STATE', 'CREATED'], ...rows]);
}

/**
 * Formats a configuration as lines. Each old key that is still accepted has its own line. If there is no such key, the
 * line `old keys` says `none`.
 */
export function configurationLines(
  { id, name, enabled, createdAt }: ConfigurationAnswer,
  acceptedKeys: readonly AcceptedKey[],
): string[] {
  const oldKeys = acceptedKeys.filter(({ acceptedUntil }) => acceptedUntil !== null);
  return tableLines([
    ['id', id],
    ['name', quoted(name)],
    ['state', stateOf(enabled)],
    ['created', createdAt],
    ...oldKeys.map((key) => ['old key', `created ${key.createdAt}, accepted until ${key.acceptedUntil}`]),
    ...(oldKeys.length === 0 ? [['old keys', 'none']] : []),
  ]);
}

export function usageLines(usage: UsageAnswer): string[] {
  const { timeZone, dayStart, lastUsed, today, total, completeThrough } = usage;
  return tableLines([
    ['configuration', named({ id: usage.configurationId, name: usage.name })],
    ['time zone', timeZone],
    ['last used', lastUsed ?? 'never'],
    ['today', `${today} (since ${dayStart})`],
    ['total', String(total)],
    ['complete', completeThrough === null ? 'not known' : `all sessions before ${completeThrough}`],
  ]);
}

function stateOf(enabled: boolean): string {
  return enabled ? 'enabled' : 'disabled';
}
