import { platformErrors } from './errors/platform-errors.ts';
import type { Module } from './module.ts';
import { systemTables } from './sql/system-tables.ts';

/** HTTP and the clients of stores. */
export const platformModule = { errors: platformErrors, tables: systemTables } satisfies Module;
