/**
 * What delivery leans on where a table has several replicas (docs/explanation/clickhouse.md), sent with every
 * statement that writes, so that none can be without it:
 * - an insert is answered when most replicas have it, and one after the other (`insert_quorum_parallel = 0`): only
 *   then can a replica tell whether it has all of them;
 * - marks and owners are read from a replica that has all of them, or refused;
 * - a statement for all replicas fails when one does not answer, before the request itself times out;
 * - a batch that looks like an earlier one is stored all the same: the marks decide what is a duplicate.
 */
export const clusterSettings = {
  insert_quorum: 'auto',
  insert_quorum_parallel: 0,
  insert_quorum_timeout: 30_000,
  select_sequential_consistency: 1,
  distributed_ddl_task_timeout: 30,
  insert_deduplicate: 0,
} as const;
