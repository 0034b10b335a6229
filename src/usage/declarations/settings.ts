import { defineSettings, optional, setting } from '../../platform/settings/define-settings.ts';
import { byteSize, dayMs, duration, hourMs, integer } from '../../platform/settings/setting-types.ts';

/** Settings for usage queries. */
export const usageSettings = defineSettings({
  QUERY_TIMEOUT: setting(duration(100, hourMs), {
    default: '30s',
    doc: 'Maximum duration of a query of the usage API in ClickHouse.',
  }),
  QUERY_MEMORY: setting(byteSize(1024 ** 2, 1024 ** 4), {
    default: '2GiB',
    doc: 'Maximum memory of a query of the usage API in ClickHouse.',
  }),
  QUERY_CONCURRENCY: setting(integer(1, 256), {
    default: '4',
    doc: 'Maximum number of usage queries that a process runs at once. One API token can run at most one less, so that it does not block others.',
  }),
  QUERY_QUEUE: setting(integer(0, 10_000), {
    default: '32',
    doc: 'Maximum number of waiting usage queries. When more queries wait, the newest query of the API token with the most waiting queries is rejected with 429.',
  }),
  SLOW_QUERY: setting(duration(1, hourMs), {
    default: '1s',
    doc: 'Usage queries that take longer are logged with the names of their parameters, without values.',
  }),
  EVENT_RETENTION: optional(duration(dayMs, 36_500 * dayMs), {
    doc: 'How long single sessions of a month are kept after the month ends, for example `730d`. Counts and last use are kept permanently. Not set: all sessions are kept. Set it for the process without a role, or for the role `api`.',
  }),
  FORGET_INTERVAL: setting(duration(0, 7 * dayMs), {
    default: '1h',
    doc: 'Minimum time between two rewrites of stored sessions for forgotten viewers. One rewrite handles all waiting requests.',
  }),
  USAGE_LIVE_CLIENTS: setting(integer(1, 10_000), {
    default: '100',
    doc: 'Maximum number of streams of `GET /api/v1/usage/live` that a process serves at once. One API token gets at most a fifth of them.',
  }),
  USAGE_TAG_BUDGET: setting(integer(1, 100_000_000), {
    default: '100000',
    doc: 'Number of distinct tags above which the responses of an organisation contain `tagBudgetExceeded`. Counts stay exact.',
  }),
});
