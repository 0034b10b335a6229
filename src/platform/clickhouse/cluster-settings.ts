/**
 * The settings that exactly-once delivery needs on replicated tables (docs/explanation/clickhouse.md). The client that
 * writes sends them with every statement:
 * - An insert is acknowledged after a quorum of replicas has it. Inserts run one after the other
 *   (`insert_quorum_parallel = 0`), because only then can a replica determine whether it has all of them.
 * - Marks and owners are read from a replica that has all inserts; otherwise the read fails.
 * - A statement for all replicas fails before the request times out if a replica does not answer.
 * - ClickHouse does not drop a batch that equals an earlier one, because the marks decide what is a duplicate.
 */
export const clusterSettings = {
  insert_quorum: 'auto',
  insert_quorum_parallel: 0,
  insert_quorum_timeout: 30_000,
  select_sequential_consistency: 1,
  distributed_ddl_task_timeout: 30,
  insert_deduplicate: 0,
} as const;
