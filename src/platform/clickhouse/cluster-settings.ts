/**
 * Settings that exactly-once delivery needs on replicated tables (docs/explanation/clickhouse.md). The client that
 * writes sends them with every statement:
 * - The server acknowledges an insert after a quorum of replicas has it. Inserts run one after the other
 *   (`insert_quorum_parallel = 0`), because only then can a replica determine whether it has all of them.
 * - High-water marks and partition owners are read from a replica that has all inserts. Without such a replica, the
 *   read fails.
 * - If a replica does not respond, a statement for all replicas fails before the request times out.
 * - ClickHouse must not drop a batch because it equals an earlier batch. The high-water marks decide which events are
 *   duplicates.
 */
export const clusterSettings = {
  insert_quorum: 'auto',
  insert_quorum_parallel: 0,
  insert_quorum_timeout: 30_000,
  select_sequential_consistency: 1,
  distributed_ddl_task_timeout: 30,
  insert_deduplicate: 0,
} as const;
