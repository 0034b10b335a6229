/**
 * Settings that exactly-once delivery needs on replicated tables (docs/explanation/clickhouse.md). The
 * writing client sends them with every statement:
 * - The server acknowledges an insert after a quorum of replicas has it. Inserts run one after the other
 *   (`insert_quorum_parallel = 0`), because only then can a replica determine whether it has all of them.
 * - High-water marks and partition owners are read from a replica that has all inserts; otherwise the read
 *   fails.
 * - A statement for all replicas fails before the request times out if a replica does not respond.
 * - ClickHouse does not drop a batch that equals an earlier one, because the high-water marks decide what is
 *   a duplicate.
 */
export const clusterSettings = {
  insert_quorum: 'auto',
  insert_quorum_parallel: 0,
  insert_quorum_timeout: 30_000,
  select_sequential_consistency: 1,
  distributed_ddl_task_timeout: 30,
  insert_deduplicate: 0,
} as const;
