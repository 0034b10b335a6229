-- Only the owner with the highest epoch may write a partition of the stream (docs/explanation/delivery.md, section
-- 5). Rows are only added, so a frozen process that resumes cannot undo later changes.
CREATE TABLE IF NOT EXISTS partition_owners {on_cluster}
(
    partition UInt32,
    epoch UInt64,
    owner String,
    taken DateTime64(3, 'UTC')
)
ENGINE = {engine:MergeTree}
ORDER BY (partition, epoch)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
