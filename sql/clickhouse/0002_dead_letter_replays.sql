-- 1 if the body is not UTF-8 and stored as base64.
ALTER TABLE dead_letters {on_cluster} ADD COLUMN IF NOT EXISTS encoding LowCardinality(String) DEFAULT 'utf-8' AFTER body;

-- Letters that became rows (or were rows already). Letters are not deleted instead, because a letter that an older
-- reader sets aside again after its replay must not count again.
CREATE TABLE IF NOT EXISTS dead_letter_replays {on_cluster}
(
    id String,
    replayed_at DateTime64(3, 'UTC')
)
ENGINE = {engine:ReplacingMergeTree}
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
