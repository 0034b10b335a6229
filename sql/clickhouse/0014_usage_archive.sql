-- Archives of months whose sessions EVENT_RETENTION drops (docs/how-to/retention.md). Usage queries count an archive as
-- soon as its witness, one of the archived sessions, is no longer in session_events. An archive without a row in
-- usage_archives is incomplete and is ignored.
CREATE TABLE IF NOT EXISTS usage_archives {on_cluster}
(
    archive String,
    month UInt32,
    -- Name of the archived table part, and the number of its sessions.
    part String,
    sessions UInt64,
    -- Signature over the rows of the archive in usage_archive.
    signature String,
    -- Identity of the witness.
    producer String,
    partition UInt32,
    sequence UInt64,
    created DateTime64(3, 'UTC')
)
ENGINE = {engine:MergeTree}
ORDER BY archive
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Sessions of archived months, by UTC quarter hour, configuration and set of tags.
CREATE TABLE IF NOT EXISTS usage_archive {on_cluster}
(
    archive LowCardinality(String),
    month UInt32,
    organisation_id LowCardinality(String),
    configuration_id LowCardinality(String),
    tags Array(LowCardinality(String)),
    quarter DateTime('UTC') CODEC(Delta, ZSTD(1)),
    day Date ALIAS toDate(quarter, 'UTC'),
    sessions UInt64 CODEC(T64, ZSTD(1)),
    last_used DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = {engine:MergeTree}
PARTITION BY month
ORDER BY (organisation_id, configuration_id, quarter)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Sequences of archived sessions. With them, a sink drops an archived event that it reads again. `first` and `last` are
-- inclusive.
CREATE TABLE IF NOT EXISTS archived_sequences {on_cluster}
(
    archive LowCardinality(String),
    month UInt32,
    partition UInt32,
    producer String,
    first UInt64,
    last UInt64
)
ENGINE = {engine:MergeTree}
ORDER BY (partition, producer, first)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
