import type { Fault } from '../platform/errors/errors.ts';
import { messageOf } from '../platform/errors/errors.ts';
import { type Config, type SettingName, settings } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Reads all settings from an environment. Pure; reports every fault at once. An empty variable counts as not
 * set. The result is frozen.
 */
export function parseConfig(env: Environment): ParsedConfig {
  const values: Record<string, unknown> = {};
  const faults: Fault[] = [];
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
  faults.push(...faultsBetween(env));
  if (faults.length > 0) return { ok: false, faults };
  for (const value of Object.values(values)) Object.freeze(value);
  return { ok: true, config: Object.freeze(values) as Config };
}

/** What one setting asks of another. */
function faultsBetween(env: Environment): Fault[] {
  const isSet = (name: SettingName) => (env[name] ?? '') !== '';
  const faults: Fault[] = [];
  if (isSet('DATABASE_URL') && !isSet('MASTER_KEY')) {
    const message =
      'must be set with DATABASE_URL: all processes need the same one. Make one with: openssl rand -base64 32';
    faults.push({ path: 'MASTER_KEY', message });
  }
  if (isSet('DATABASE_CA_FILE') && !isSet('DATABASE_URL')) {
    faults.push({ path: 'DATABASE_CA_FILE', message: 'must be left out without DATABASE_URL' });
  }
  if (env['COOKIE_SAMESITE'] === 'none' && !mayBeHttps(env)) {
    const message =
      'must not be none without https: browsers refuse such cookies. Set PUBLIC_URL to an https address';
    faults.push({ path: 'COOKIE_SAMESITE', message });
  }
  const missing = ['KAFKA_USERNAME', 'KAFKA_PASSWORD'] as const;
  for (const path of isSet('KAFKA_SASL_MECHANISM') ? missing.filter((name) => !isSet(name)) : [])
    faults.push({ path, message: 'must be set with KAFKA_SASL_MECHANISM' });
  return faults;
}

/** Whether browsers may come over https: by a setting, or as a proxy that is trusted says. */
function mayBeHttps(env: Environment): boolean {
  const { PUBLIC_URL: url = '', TRUST_PROXY: proxy = '' } = env;
  return url === '' ? proxy !== '' && proxy !== 'false' : /^https:/i.test(url);
}

function camelCase(name: string): string {
  return name.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
