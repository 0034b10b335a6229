import { expect, it } from 'vitest';
import { modules } from '../../../src/app/modules.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import type { Module } from '../../../src/platform/module.ts';
import { openTemporaryControl } from '../tokens/support/control.ts';

it('each control store table belongs to exactly one module', async () => {
  const { store } = await openTemporaryControl(systemClock);
  const tables = await store.introspection.getTables();
  const owned = modules.flatMap(({ tables: moduleTables }: Module) => moduleTables?.names ?? []);
  expect(owned.toSorted()).toEqual(tables.map(({ name }) => name).toSorted());
});
