import type { Fault } from '../platform/errors/errors.ts';
import { messageOf } from '../platform/errors/errors.ts';
import {
  type ConfigOf,
  type Environment,
  isSet,
  type SettingRule,
  type SettingTable,
} from '../platform/settings/define-settings.ts';

export type Parsed<Config> =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Parses settings from an environment. Returns the frozen values, or all validation errors together. An empty
 * variable counts as not set. Pure.
 */
export function parseSettings<Table extends SettingTable>(
  settings: Table,
  rules: readonly SettingRule[],
  env: Environment,
): Parsed<ConfigOf<Table>> {
  const values: Record<string, unknown> = {};
  const faults: Fault[] = [];
  for (const [name, { type, default: fallback }] of Object.entries(settings)) {
    const source = isSet(env, name) ? env[name] : fallback;
    try {
      values[camelCase(name)] = source === undefined ? undefined : type.parse(source);
    } catch (error) {
      faults.push({ path: name, message: messageOf(error) });
    }
  }
  faults.push(...rules.flatMap((rule) => rule(env)));
  if (faults.length > 0) return { ok: false, faults };
  for (const value of Object.values(values)) Object.freeze(value);
  return { ok: true, config: Object.freeze(values) as ConfigOf<Table> };
}

function camelCase(name: string): string {
  return name.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
