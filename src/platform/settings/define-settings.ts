import type { Fault } from '../errors/errors.ts';
import type { SettingType } from './setting-types.ts';

/** An environment variable that a domain reads. */
export interface Setting<T = unknown> {
  readonly type: SettingType<T>;
  /** Text that is parsed if the variable is not set. If there is no default, the value is then undefined. */
  readonly default?: string;
  /** Description in docs/reference/configuration.md. */
  readonly doc: string;
  readonly secret?: true;
}

export type SettingTable = Readonly<Record<string, Setting>>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Checks settings that depend on each other, and returns the validation errors. Pure. */
export type SettingRule = (env: Environment) => readonly Fault[];

/** Defines a setting that always has a value. */
export function setting<T>(
  type: SettingType<T>,
  options: { default: string; doc: string },
): Setting<T> & { default: string } {
  return { type, ...options };
}

/** Defines a setting without a default. Its value is undefined if the variable is not set. */
export function optional<T>(type: SettingType<T>, options: { doc: string; secret?: true }): Setting<T> {
  return { type, ...options };
}

/** Defines the settings of a domain, keyed by variable name, and keeps their exact types. */
export function defineSettings<const Table extends SettingTable>(table: Table): Table {
  return table;
}

/** Returns whether a variable has a value. An empty text counts as not set. */
export function isSet(env: Environment, name: string): boolean {
  return (env[name] ?? '') !== '';
}

type ValueOf<S> = S extends { type: SettingType<infer T> }
  ? S extends { default: string }
    ? T
    : T | undefined
  : never;

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<S>;

/**
 * Values of settings. Each member has the name of its variable in camel case. Durations are in milliseconds, sizes in
 * bytes.
 */
export type ConfigOf<Table> = {
  readonly [Name in keyof Table & string as CamelCase<Name>]: ValueOf<Table[Name]>;
};
