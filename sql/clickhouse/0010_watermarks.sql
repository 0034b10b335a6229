-- How far the events of each producer are stored, by partition (docs/explanation/delivery.md, section 9). A consumer
-- inserts a watermark after the rows that it covers. Later watermarks replace earlier ones, and the final watermark of a
-- producer has a row of its own. `before` is in epoch milliseconds.
CREATE TABLE IF NOT EXISTS watermarks {on_cluster}
(
    producer String,
    partition UInt32,
    final UInt8,
    sequence UInt64,
    before UInt64,
    partitions UInt32
)
ENGINE = {engine:ReplacingMergeTree}(before)
ORDER BY (producer, partition, final)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Producers whose sessions were stored before watermarks existed. It is not known whether their gateways still have
-- events.
CREATE TABLE IF NOT EXISTS legacy_producers {on_cluster}
(
    producer String
)
ENGINE = {engine:ReplacingMergeTree}
ORDER BY producer
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
INSERT INTO {database}.legacy_producers SELECT DISTINCT producer FROM {database}.session_events;
