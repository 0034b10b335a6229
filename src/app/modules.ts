import { consumerModule } from '../../consumers/module.ts';
import { accessModule } from '../access/module.ts';
import { gatewayModule } from '../gateway/module.ts';
import { journalModule } from '../journal/module.ts';
import type { ErrorTable } from '../platform/errors/define-errors.ts';
import type { Module } from '../platform/module.ts';
import { platformModule } from '../platform/platform-module.ts';
import type { TableList } from '../platform/sql/control-store.ts';
import { tokenModule } from '../tokens/module.ts';
import { usageModule } from '../usage/module.ts';
import { appSettings } from './settings.ts';

/** The only list of modules, in the order of the generated reference pages. */
const listed = [
  platformModule,
  { settings: appSettings },
  accessModule,
  tokenModule,
  gatewayModule,
  journalModule,
  consumerModule,
  usageModule,
] as const;

type Listed = (typeof listed)[number];

export const modules: readonly Module[] = listed;

/** Turns a union into an intersection: what all modules declare, together. */
type Together<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

type MemberOf<M, Name extends keyof Module> = M extends Readonly<Record<Name, infer Member>> ? Member : never;

/** Every table of the control store. */
export type ControlTables = Together<
  MemberOf<Listed, 'tables'> extends infer List ? (List extends TableList<infer T> ? T : never) : never
>;

/** Every error that a client can meet, by its code. */
export const errors: ErrorTable = merge('error', ({ errors: own = {} }) => own);

/** Every setting, by the name of its variable. */
export const settings = merge('setting', ({ settings: own = {} }) => own) as Together<
  MemberOf<Listed, 'settings'>
>;

export const settingRules = modules.flatMap(({ settingRules: own = [] }) => own);

/** @throws Error when two modules declare the same name. */
function merge<T>(
  kind: string,
  tableOf: (module: Module) => Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  const merged = new Map<string, T>();
  for (const [name, entry] of modules.flatMap((module) => Object.entries(tableOf(module)))) {
    if (merged.has(name)) throw new Error(`two modules declare the ${kind} ${name}`);
    merged.set(name, entry);
  }
  return Object.fromEntries(merged);
}
