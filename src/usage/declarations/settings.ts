import { defineSettings, setting } from '../../platform/settings/define-settings.ts';
import { duration, hourMs } from '../../platform/settings/setting-types.ts';

/** Settings of usage queries. */
export const usageSettings = defineSettings({
  QUERY_TIMEOUT: setting(duration(100, hourMs), {
    default: '30s',
    doc: 'Maximum duration of a query of the usage API in ClickHouse.',
  }),
});
