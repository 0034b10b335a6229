-- Roll-ups of closed UTC months (docs/explanation/roll-ups.md). They contain only counts that can be computed from
-- session_events again, so rows and tables can be removed at any time. Each build of a roll-up has its own partition.
-- Queries use a build only after a row in usage_roll_ups registers it. `signatures` contains the signature of each month
-- of `months` in session_events, in the same order.
CREATE TABLE IF NOT EXISTS usage_roll_ups {on_cluster}
(
    name LowCardinality(String),
    months Array(UInt32),
    build UInt64,
    signatures Array(UInt64),
    rows UInt64,
    built_at DateTime64(3, 'UTC'),
    seconds Float64
)
ENGINE = {engine:ReplacingMergeTree}(built_at)
ORDER BY (name, months)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Sessions by UTC quarter hour and organisation. A build contains one month. `uses` counts a session once for each of its
-- tags, and once if it has no tag.
CREATE TABLE IF NOT EXISTS usage_quarters {on_cluster}
(
    build UInt64,
    quarter DateTime('UTC'),
    organisation_id LowCardinality(String),
    sessions UInt64,
    uses UInt64,
    last_used DateTime64(3, 'UTC')
)
ENGINE = {engine:MergeTree}
PARTITION BY build
ORDER BY (quarter, organisation_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Sessions by UTC day and tag. A build contains one month. `kind` is 1 for a tag and 2 for sessions without tags.
CREATE TABLE IF NOT EXISTS usage_days_by_tag {on_cluster}
(
    build UInt64,
    organisation_id LowCardinality(String),
    kind UInt8,
    tag String,
    day Date,
    sessions UInt64,
    last_used DateTime64(3, 'UTC')
)
ENGINE = {engine:MergeTree}
PARTITION BY build
ORDER BY (organisation_id, kind, tag, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Totals by organisation, by configuration and by tag. A build contains several months. `kind` is 0 for all sessions of an
-- organisation, 1 for a key (configuration or tag), and 2 for sessions without tags.
CREATE TABLE IF NOT EXISTS usage_totals {on_cluster}
(
    build UInt64,
    dimension Enum8('all' = 0, 'configuration' = 1, 'tag' = 2),
    organisation_id LowCardinality(String),
    kind UInt8,
    key String,
    sessions UInt64,
    uses UInt64,
    last_used DateTime64(3, 'UTC')
)
ENGINE = {engine:MergeTree}
PARTITION BY build
ORDER BY (dimension, organisation_id, kind, key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
