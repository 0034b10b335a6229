-- Who may write a partition of the stream: the owner of the highest epoch (docs/explanation/delivery.md, 5). Only ever added to,
-- so that a process that was frozen can never undo what happened since.
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
