import type { Module } from '../platform/module.ts';
import { gatewayErrors } from './declarations/errors.ts';
import { gatewayExamples } from './declarations/examples.ts';
import { defineGatewayMetrics } from './declarations/metrics.ts';
import { gatewaySecuritySchemes, gatewayTags } from './declarations/openapi.ts';
import { cookieSettingRule, gatewaySettings } from './declarations/settings.ts';
import { gatewayTables } from './declarations/tables.ts';

/** Tables, errors, settings, metrics and OpenAPI declarations for exchanges, links, sessions and forward-auth. */
export const gatewayModule = {
  tables: gatewayTables,
  errors: gatewayErrors,
  settings: gatewaySettings,
  settingRules: [cookieSettingRule],
  metrics: defineGatewayMetrics,
  tags: gatewayTags,
  securitySchemes: gatewaySecuritySchemes,
  exampleValues: gatewayExamples,
} satisfies Module;
