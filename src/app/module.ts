import type { Module } from '../platform/module.ts';
import { appSecuritySchemes, appTags } from './openapi.ts';
import { appSettings } from './settings.ts';

/** The settings, tags and security schemes that every process has. */
export const appModule = {
  settings: appSettings,
  tags: appTags,
  securitySchemes: appSecuritySchemes,
} satisfies Module;
