import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';

export interface EngineTableConfig {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly group: string;
}

/**
 * Creates ClickHouse's own solution: a table with the Kafka engine, and a materialized view that moves the table's
 * rows into the event table. This solution guarantees at-least-once delivery. The table uses one consumer thread,
 * because the other contenders use one consumer process. Blocks have ClickHouse's default size and are flushed every
 * second, so that the last block does not delay the result.
 */
export async function createEngineTable(
  client: ClickHouseClient,
  { brokers, topic, group }: EngineTableConfig,
): Promise<void> {
  await client.command({
    query: `CREATE TABLE kafka_events (
      id UUID, source String, subject String, time DateTime64(3, 'UTC'), sequence UInt64, streampartition UInt32,
      data Tuple(organisationId String, tags Array(String), viewer String)
    ) ENGINE = Kafka SETTINGS
      kafka_broker_list = '${brokers.join(',')}', kafka_topic_list = '${topic}', kafka_group_name = '${group}',
      kafka_format = 'JSONEachRow', kafka_num_consumers = 1, kafka_flush_interval_ms = 1000,
      date_time_input_format = 'best_effort', input_format_skip_unknown_fields = 1`,
  });
  await client.command({
    query: `CREATE MATERIALIZED VIEW kafka_events_stored TO session_events AS SELECT
      data.organisationId AS organisation_id, subject AS configuration_id, id AS session_id, time,
      data.tags AS tags, data.viewer AS viewer, substring(source, length('/gateways/') + 1) AS producer,
      streampartition AS partition, sequence
      FROM kafka_events`,
  });
}

/** Returns why this ClickHouse has no Kafka engine, or undefined if it has one. */
export async function whyNoEngine(client: ClickHouseClient): Promise<string | undefined> {
  const query = `SELECT name FROM system.table_engines WHERE name = 'Kafka'`;
  const found = await (await client.query({ query, format: 'JSONEachRow' })).json();
  return found.length === 0 ? 'this chdb was built without the Kafka table engine' : undefined;
}
