import { defineSettings, optional, setting } from '../settings/define-settings.ts';
import { httpUrl } from '../settings/network-setting-types.ts';
import { text } from '../settings/setting-types.ts';
import { sqlName } from './sql-name.ts';

/** Settings for connections to ClickHouse. */
export const clickHouseSettings = defineSettings({
  CLICKHOUSE_URL: optional(httpUrl(), {
    doc: 'HTTP interface of a ClickHouse server. Without it, watmeter uses the embedded engine. For a cluster, give the address of one replica or of a load balancer (docs/explanation/clickhouse.md).',
  }),
  CLICKHOUSE_USER: setting(text(), { default: 'default', doc: 'User of the ClickHouse server.' }),
  CLICKHOUSE_PASSWORD: optional(text(), { secret: true, doc: 'Password of CLICKHOUSE_USER.' }),
  CLICKHOUSE_DATABASE: setting(sqlName(), {
    default: 'watmeter',
    doc: 'Database on the ClickHouse server. watmeter creates it if it does not exist.',
  }),
  CLICKHOUSE_CA_FILE: optional(text(), {
    doc: 'PEM file with the certificate authority of the ClickHouse server, if the system does not know it.',
  }),
  CLICKHOUSE_CLUSTER: optional(sqlName({ macros: true }), {
    doc: 'Name of the cluster in `system.clusters`. Tables are then replicated, and inserts need a quorum. The cluster must have one shard.',
  }),
});
