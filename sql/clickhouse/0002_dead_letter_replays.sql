-- Encoding of the body: 'base64' if its bytes are not valid UTF-8.
ALTER TABLE dead_letters {on_cluster} ADD COLUMN IF NOT EXISTS encoding LowCardinality(String) DEFAULT 'utf-8' AFTER body;

-- Dead letters that a replay has stored as events, or whose events were already stored. Replayed dead letters are not
-- deleted, because an older consumer may dead-letter the same message again, and the message must not count twice.
CREATE TABLE IF NOT EXISTS dead_letter_replays {on_cluster}
(
    id String,
    replayed_at DateTime64(3, 'UTC')
)
ENGINE = {engine:ReplacingMergeTree}
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
