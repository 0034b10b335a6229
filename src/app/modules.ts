import { accessModule } from '../access/module.ts';
import { gatewayModule } from '../gateway/module.ts';
import { journalModule } from '../journal/module.ts';
import type { ErrorDefinition, ErrorTable } from '../platform/errors/define-errors.ts';
import type { Module } from '../platform/module.ts';
import { platformModule } from '../platform/platform-module.ts';
import type { TableList } from '../platform/sql/control-store.ts';
import { tokenModule } from '../tokens/module.ts';
import { usageModule } from '../usage/module.ts';

/** Every module of watmeter, in the order of the generated reference pages. */
export const modules = [
  platformModule,
  accessModule,
  tokenModule,
  gatewayModule,
  journalModule,
  usageModule,
] as const satisfies readonly Module[];

type Listed = (typeof modules)[number];

type TablesOf<M> = M extends { tables: TableList<infer Tables> } ? (tables: Tables) => void : never;

/** Every table of the control store. */
export type ControlTables = TablesOf<Listed> extends (tables: infer All) => void ? All : never;

/** Every error that a client can meet, by its code. */
export const errors: ErrorTable = mergeErrors(modules);

function mergeErrors(all: readonly Module[]): ErrorTable {
  const merged = new Map<string, ErrorDefinition>();
  for (const error of all.flatMap((module) => Object.values(module.errors ?? {}))) {
    if (merged.has(error.code)) throw new Error(`two modules define the error ${error.code}`);
    merged.set(error.code, error);
  }
  return Object.fromEntries(merged);
}
