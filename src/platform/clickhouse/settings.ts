import { defineSettings, optional, setting } from '../settings/define-settings.ts';
import { httpUrl } from '../settings/network-setting-types.ts';
import { text } from '../settings/setting-types.ts';
import { sqlName } from './sql-name.ts';

/** Settings of connections to ClickHouse. */
export const clickHouseSettings = defineSettings({
  CLICKHOUSE_URL: optional(httpUrl(), {
    doc: 'A ClickHouse server (its HTTP interface) in place of the embedded engine. On a cluster: one replica, or a balancer (see docs/explanation/clickhouse.md).',
  }),
  CLICKHOUSE_USER: setting(text(), { default: 'default', doc: 'User of the ClickHouse server.' }),
  CLICKHOUSE_PASSWORD: optional(text(), { secret: true, doc: 'Password of CLICKHOUSE_USER.' }),
  CLICKHOUSE_DATABASE: setting(sqlName(), {
    default: 'watmeter',
    doc: 'Database on the ClickHouse server. It is made if it is not there.',
  }),
  CLICKHOUSE_CA_FILE: optional(text(), {
    doc: 'PEM file of the authority that signed the certificate of the ClickHouse server, where the system does not know it.',
  }),
  CLICKHOUSE_CLUSTER: optional(sqlName({ macros: true }), {
    doc: 'Name of the cluster (as in `system.clusters`): tables are replicated, inserts need a quorum. One shard only.',
  }),
});
