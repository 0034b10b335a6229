import { clickHouseSettings } from './clickhouse/settings.ts';
import { platformErrors } from './errors/platform-errors.ts';
import { defineHttpMetrics } from './http/request-metrics.ts';
import { httpSettings } from './http/settings.ts';
import { kafkaSettingRule, kafkaSettings } from './kafka/settings.ts';
import type { Module } from './module.ts';
import { sqlSettingRule, sqlSettings } from './sql/settings.ts';
import { systemTables } from './sql/system-tables.ts';

/** Settings, errors and tables of the HTTP server and of the clients for stores and Kafka. */
export const platformModule = {
  errors: platformErrors,
  tables: systemTables,
  metrics: defineHttpMetrics,
  settings: { ...httpSettings, ...sqlSettings, ...kafkaSettings, ...clickHouseSettings },
  settingRules: [sqlSettingRule, kafkaSettingRule],
} satisfies Module;
