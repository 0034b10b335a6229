import { consumerModule } from '../../consumers/module.ts';
import { accessModule } from '../access/module.ts';
import { completenessModule } from '../completeness/module.ts';
import { gatewayModule } from '../gateway/module.ts';
import { journalModule } from '../journal/module.ts';
import type { Module } from '../platform/module.ts';
import { platformModule } from '../platform/platform-module.ts';
import { tokenModule } from '../tokens/module.ts';
import { usageModule } from '../usage/module.ts';
import { appModule } from './module.ts';

/** All modules, in the order of the generated reference pages. This is the only list of modules. */
export const modules = [
  platformModule,
  gatewayModule,
  tokenModule,
  usageModule,
  completenessModule,
  accessModule,
  journalModule,
  consumerModule,
  appModule,
] as const satisfies readonly Module[];
