import { defineSettings, setting } from '../../platform/settings/define-settings.ts';
import { duration, hourMs, integer } from '../../platform/settings/setting-types.ts';

/** Settings of usage queries. */
export const usageSettings = defineSettings({
  QUERY_TIMEOUT: setting(duration(100, hourMs), {
    default: '30s',
    doc: 'Maximum duration of a query of the usage API in ClickHouse.',
  }),
  USAGE_LIVE_CLIENTS: setting(integer(1, 10_000), {
    default: '100',
    doc: 'The most streams of `GET /api/v1/usage/live` that a process serves at once. One API token gets a fifth of them.',
  }),
});
