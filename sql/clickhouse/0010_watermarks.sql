-- How far the events of each producer are stored, by partition (docs/explanation/delivery.md, section 9). A consumer
-- inserts a watermark after the rows that it covers. Merges and reads keep the highest values, so the order of the
-- inserts does not matter. Instants are epoch milliseconds.
CREATE TABLE IF NOT EXISTS watermarks {on_cluster}
(
    producer String,
    partition UInt32,
    sequence SimpleAggregateFunction(max, UInt64),
    before SimpleAggregateFunction(max, UInt64),
    final_sequence SimpleAggregateFunction(max, UInt64),
    final_before SimpleAggregateFunction(max, UInt64),
    partitions SimpleAggregateFunction(max, UInt32)
)
ENGINE = {engine:AggregatingMergeTree}
ORDER BY (producer, partition);

-- Producers that were stored before watermarks existed. Nothing reports whether their gateways still have events.
CREATE TABLE IF NOT EXISTS legacy_producers {on_cluster}
(
    producer String
)
ENGINE = {engine:ReplacingMergeTree}
ORDER BY producer;
INSERT INTO {database}.legacy_producers SELECT DISTINCT producer FROM {database}.session_events;
