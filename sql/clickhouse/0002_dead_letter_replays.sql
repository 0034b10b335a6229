-- A body that is not UTF-8 is kept as base64, and this says so.
ALTER TABLE dead_letters {on_cluster} ADD COLUMN IF NOT EXISTS encoding LowCardinality(String) DEFAULT 'utf-8' AFTER body;

-- Letters that became rows (or were rows already). A table of its own, and not a letter that is removed: a letter that
-- is found again after its replay, by a reader that still cannot read it, must not count once more.
CREATE TABLE IF NOT EXISTS dead_letter_replays {on_cluster}
(
    id String,
    replayed_at DateTime64(3, 'UTC')
)
ENGINE = {engine:ReplacingMergeTree}
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
