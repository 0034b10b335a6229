import type { Module } from '../platform/module.ts';
import { gatewayErrors } from './declarations/errors.ts';
import { cookieSettingRule, gatewaySettings } from './declarations/settings.ts';
import { gatewayTables } from './declarations/tables.ts';

/** The exchange, links, sessions and forward-auth. */
export const gatewayModule = {
  errors: gatewayErrors,
  tables: gatewayTables,
  settings: gatewaySettings,
  settingRules: [cookieSettingRule],
} satisfies Module;
