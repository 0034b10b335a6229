import type { SessionEvent } from '../../../src/events/session-event.ts';
import type { ClickHouseClient } from '../../../src/platform/clickhouse/client.ts';
import { clickHouseTime } from '../../../src/platform/clickhouse/literals.ts';

/** The statement with which version 0.1.0 created the event table. */
export const createOldTable = `
CREATE TABLE session_events
(
    organisation_id LowCardinality(String),
    configuration_id LowCardinality(String),
    session_id UUID,
    time DateTime64(3, 'UTC'),
    tags Array(LowCardinality(String)),
    viewer String,
    producer LowCardinality(String),
    partition UInt32,
    sequence UInt64,
    quarter DateTime('UTC') MATERIALIZED toStartOfFifteenMinutes(toDateTime(time, 'UTC')),
    day Date MATERIALIZED toDate(time, 'UTC'),
    month UInt32 MATERIALIZED toYYYYMM(time, 'UTC'),

    PROJECTION totals_by_configuration
    (
        SELECT organisation_id, configuration_id, count(), max(time)
        GROUP BY organisation_id, configuration_id
    ),
    PROJECTION totals_by_tags
    (
        SELECT organisation_id, configuration_id, tags, count(), max(time)
        GROUP BY organisation_id, configuration_id, tags
    ),
    PROJECTION quarters_by_configuration
    (
        SELECT organisation_id, configuration_id, quarter, count(), max(time)
        GROUP BY organisation_id, configuration_id, quarter
    ),
    PROJECTION quarters_by_tags
    (
        SELECT organisation_id, configuration_id, tags, quarter, count(), max(time)
        GROUP BY organisation_id, configuration_id, tags, quarter
    ),
    PROJECTION days_by_tags
    (
        SELECT organisation_id, configuration_id, tags, day, count(), max(time)
        GROUP BY organisation_id, configuration_id, tags, day
    ),
    PROJECTION ledger
    (
        SELECT partition, producer, month, max(sequence), min(sequence), count()
        GROUP BY partition, producer, month
    )
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(time, 'UTC')
ORDER BY (organisation_id, configuration_id, time, session_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

/** Replaces the event table of a migrated database with an empty one of version 0.1.0. */
export async function replaceByOldTable(client: ClickHouseClient): Promise<void> {
  for (const table of ['session_events', 'session_events_next'])
    await client.command({ query: `DROP TABLE IF EXISTS ${table} SYNC` });
  await client.command({ query: createOldTable });
}

/** Inserts events as the sink of version 0.1.0 did, as one part per month. */
export async function insertAsOldSink(
  client: ClickHouseClient,
  events: readonly SessionEvent[],
): Promise<void> {
  await client.insert({
    table: 'session_events',
    format: 'JSONEachRow',
    values: events.map((event) => ({
      organisation_id: event.organisationId,
      configuration_id: event.configurationId,
      session_id: event.sessionId,
      time: clickHouseTime(event.timeMs),
      tags: event.tags,
      viewer: event.viewer,
      producer: event.producer,
      partition: event.partition,
      sequence: event.sequence,
    })),
  });
}
