import type { ErrorTable } from '../platform/errors/define-errors.ts';
import type { ExampleValues } from '../platform/http/openapi/example-values.ts';
import type { Module } from '../platform/module.ts';
import type { TableList } from '../platform/sql/control-store.ts';
import { modules } from './modules.ts';

type Listed = (typeof modules)[number];

/** Converts a union type to the intersection of its members. */
type Together<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

type MemberOf<M, Name extends keyof Module> = M extends Readonly<Record<Name, infer Member>> ? Member : never;

type ColumnsOf<List> = List extends TableList<infer Tables> ? Tables : never;

/** All tables of the control store. */
export type ControlTables = Together<ColumnsOf<MemberOf<Listed, 'tables'>>>;

/** Metrics of all modules. */
export type ModuleMetrics = Together<ReturnType<MemberOf<Listed, 'metrics'>>>;

/** Every error that a client can receive, by code. */
export const errors: ErrorTable = merge('errors');

/** Every setting, by environment variable name. */
export const settings = merge('settings') as Together<MemberOf<Listed, 'settings'>>;

/** Names in the audit log for routes that change data, by method and path. */
export const auditedActions = merge('auditedActions');

/** Tags of the OpenAPI document, in the order of the document. */
export const tags = merge('tags');

export const securitySchemes = merge('securitySchemes');

export const exampleValues = merge('exampleValues') as Together<MemberOf<Listed, 'exampleValues'>> &
  ExampleValues;

type TableName = 'errors' | 'settings' | 'auditedActions' | 'tags' | 'securitySchemes' | 'exampleValues';

/**
 * Merges a declaration table of all modules.
 * @throws Error if two modules declare the same name.
 */
function merge<Name extends TableName>(name: Name): NonNullable<Module[Name]> {
  const merged = new Map<string, unknown>();
  for (const [key, entry] of modules.flatMap((module: Module) => Object.entries(module[name] ?? {}))) {
    if (merged.has(key)) throw new Error(`two modules declare ${key} in their ${name}`);
    merged.set(key, entry);
  }
  return Object.fromEntries(merged) as NonNullable<Module[Name]>;
}
