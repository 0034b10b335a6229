/**
 * SQL statements of the fence, with which ClickHouse decides which process may write a stream partition
 * (docs/explanation/delivery.md, section 5). Pure functions. clickhouse-fence.ts explains how the statements protect
 * a partition together.
 */

export interface FenceNames {
  /** Name of the cluster whose replicas may run inserts, or undefined for a single server. */
  readonly cluster: string | undefined;
}

const queryIdPrefix = (partition: number) => `watmeter-sink-${partition}-`;

/**
 * Returns the query id for an insert. The id contains partition and owner, so that other processes can find the
 * running insert.
 */
export function insertQueryId(partition: number, owner: string, number: number): string {
  return `${queryIdPrefix(partition)}${owner}-${number}`;
}

/** Returns the statement that makes `owner` the owner of the partition and increments the epoch. */
export function takeStatement(partition: number, owner: string): string {
  return `INSERT INTO partition_owners (partition, epoch, owner, taken)
    SELECT ${partition}, max(epoch) + 1, '${owner}', now64(3) FROM partition_owners WHERE partition = ${partition}
    SETTINGS async_insert = 0`;
}

/**
 * Returns the statement that writes the row of `owner` again with the current time, unless the partition has another
 * owner.
 */
export function renewStatement(partition: number, owner: string): string {
  return `INSERT INTO partition_owners (partition, epoch, owner, taken)
    SELECT ${partition}, max(epoch) + 1, '${owner}', now64(3) FROM partition_owners WHERE partition = ${partition}
    HAVING argMax(owner, (epoch, owner)) = '${owner}' SETTINGS async_insert = 0`;
}

/**
 * Returns the expression for the current owner. If two processes take a partition at the same moment, both write the
 * same epoch. Every reader then sees the greater owner name as the owner.
 */
function ownerExpression(partition: number): string {
  return `(SELECT argMax(owner, (epoch, owner)) FROM partition_owners WHERE partition = ${partition})`;
}

/** Returns the query for the current owner of the partition. */
export function ownerQuery(partition: number): string {
  return `SELECT ${ownerExpression(partition)} AS owner`;
}

/** Returns the query for running inserts into the partition by other owners. */
export function runningInsertsQuery({ cluster }: FenceNames, partition: number, owner: string): string {
  const processes =
    cluster === undefined ? 'system.processes' : `clusterAllReplicas('${cluster}', system.processes)`;
  return `SELECT query_id FROM ${processes} WHERE ${insertOfOthers(partition, owner)}`;
}

/**
 * Returns the statement that stops running inserts into the partition by other owners. The statement does not wait
 * until they have stopped.
 */
export function killStatement({ cluster }: FenceNames, partition: number, owner: string): string {
  const onCluster = cluster === undefined ? '' : `ON CLUSTER '${cluster}' `;
  return `KILL QUERY ${onCluster}WHERE ${insertOfOthers(partition, owner)} ASYNC`;
}

function insertOfOthers(partition: number, owner: string): string {
  const prefix = queryIdPrefix(partition);
  return `startsWith(query_id, '${prefix}') AND NOT startsWith(query_id, '${prefix}${owner}-')`;
}

/**
 * Returns a SELECT of the rows that are sent with the statement. The SELECT returns no rows unless `owner` still owns
 * the partition.
 */
export function fencedSelect(partition: number, owner: string, structure: string): string {
  return `SELECT * FROM input('${structure.replaceAll("'", "\\'")}')
    WHERE ${ownerCondition(partition, owner)}`;
}

/** Returns the condition that `owner` still owns the partition. */
export function ownerCondition(partition: number, owner: string): string {
  return `${ownerExpression(partition)} = '${owner}'`;
}
