import type { Fault } from '../platform/errors.ts';
import { messageOf } from '../platform/errors.ts';
import { type Config, type SettingName, settings } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Variables of the design that this version does not act on: to pass them over in silence would mislead. */
const notYetSupported = ['KAFKA_BROKERS', 'DATABASE_URL'] as const;

/**
 * Reads all settings from an environment. Pure; reports every fault at once. An empty variable counts as not
 * set. The result is frozen.
 */
export function parseConfig(env: Environment): ParsedConfig {
  const values: Record<string, unknown> = {};
  const faults: Fault[] = notYetSupported
    .filter((name) => (env[name] ?? '') !== '')
    .map((name) => ({
      path: name,
      message: 'is not supported by this version: it runs on the embedded stores',
    }));

  for (const name of Object.keys(settings) as SettingName[]) {
    const { type, ...rest } = settings[name];
    const given = env[name] === '' ? undefined : env[name];
    const source = given ?? ('default' in rest ? rest.default : undefined);
    try {
      values[camelCase(name)] = source === undefined ? undefined : type.parse(source);
    } catch (error) {
      faults.push({ path: name, message: messageOf(error) });
    }
  }
  if (faults.length > 0) return { ok: false, faults };
  for (const value of Object.values(values)) Object.freeze(value);
  return { ok: true, config: Object.freeze(values) as Config };
}

function camelCase(name: string): string {
  return name.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
