import { platformErrors } from './errors/platform-errors.ts';
import type { Module } from './module.ts';

/** HTTP and the clients of stores. */
export const platformModule = { errors: platformErrors } satisfies Module;
