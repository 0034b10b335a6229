import type { Module } from '../platform/module.ts';
import { appSecuritySchemes, appTags } from './openapi.ts';
import { appSettings } from './settings.ts';

/** Settings, tags and security schemes of every process. */
export const appModule = {
  settings: appSettings,
  tags: appTags,
  securitySchemes: appSecuritySchemes,
} satisfies Module;
