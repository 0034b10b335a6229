-- Pseudonyms of forgotten viewers (`viewer`), and the random pseudonyms that replace them (`replacement`) in sessions up
-- to the time `before` (docs/how-to/forget-a-viewer.md). A row is deleted when no journal and no Kafka topic contains
-- the pseudonym. Mutations of sessions read the pseudonyms from this table, so that no log and no mutation text contains
-- a pseudonym.
CREATE TABLE IF NOT EXISTS forgotten_viewers {on_cluster}
(
    id String,
    organisation_id String,
    viewer UUID CODEC(NONE),
    replacement UUID CODEC(NONE),
    before DateTime64(3, 'UTC')
)
ENGINE = {engine:ReplacingMergeTree}
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, old_parts_lifetime = 60;
