-- One row per session, in UTC. The aggregates and the ledger are projections: they are inside the table
-- parts, so they become visible with their rows and cannot disagree with them (docs/explanation/delivery.md,
-- section 4).
-- src/platform/clickhouse/migrate.ts replaces {engine:NAME} and {on_cluster}.
-- Version 0.1.0 created the table in another format. consumers/conversion converts such a table to this statement.

CREATE TABLE IF NOT EXISTS session_events {on_cluster}
(
    organisation_id LowCardinality(String),
    configuration_id LowCardinality(String),
    session_id UUID CODEC(NONE),
    time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    tags Array(LowCardinality(String)),
    viewer UUID CODEC(NONE),
    producer LowCardinality(String),
    partition UInt32,
    sequence UInt64 CODEC(T64, LZ4),
    quarter DateTime('UTC') MATERIALIZED toStartOfFifteenMinutes(toDateTime(time, 'UTC')) CODEC(Delta, ZSTD(1)),
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
    PROJECTION quarters
    (
        SELECT quarter, organisation_id, count(), max(time)
        GROUP BY quarter, organisation_id
    ),
    PROJECTION quarters_by_configuration
    (
        SELECT organisation_id, configuration_id, quarter, count(), max(time)
        GROUP BY organisation_id, configuration_id, quarter
    ),
    PROJECTION quarters_by_tags
    (
        SELECT quarter, organisation_id, configuration_id, tags, count(), max(time)
        GROUP BY quarter, organisation_id, configuration_id, tags
    ),
    PROJECTION days_by_tags
    (
        SELECT day, organisation_id, configuration_id, tags, count(), max(time)
        GROUP BY day, organisation_id, configuration_id, tags
    ),
    PROJECTION ledger
    (
        SELECT partition, producer, month, max(sequence), min(sequence), count()
        GROUP BY partition, producer, month
    )
)
ENGINE = {engine:MergeTree}
PARTITION BY toYYYYMM(time, 'UTC')
ORDER BY (organisation_id, configuration_id, time, session_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Messages that no consumer can decode, with their bytes. If several rows have the same id, ClickHouse keeps the
-- first.
CREATE TABLE IF NOT EXISTS dead_letters {on_cluster}
(
    id String,
    producer String,
    partition UInt32,
    sequence UInt64,
    source String,
    position UInt64,
    reason String,
    body String,
    headers String,
    first_seen DateTime64(3, 'UTC'),
    age UInt64 MATERIALIZED 18446744073709551615 - toUInt64(toUnixTimestamp64Milli(first_seen))
)
ENGINE = {engine:ReplacingMergeTree}(age)
ORDER BY (partition, producer, sequence, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
