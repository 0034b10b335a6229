/**
 * The statements with which the store itself decides who may write a partition of the stream (docs/explanation/delivery.md, 5).
 * Pure text; what they promise together stands in clickhouse-fence.ts.
 */

export interface FenceNames {
  /** Name of the cluster whose replicas may be running inserts; undefined for a single server. */
  readonly cluster: string | undefined;
}

const queryIdPrefix = (partition: number) => `watmeter-sink-${partition}-`;

/** Every insert of a partition says so in its id, so that others can find it while it runs. */
export function insertQueryId(partition: number, owner: string, number: number): string {
  return `${queryIdPrefix(partition)}${owner}-${number}`;
}

export function takeStatement(partition: number, owner: string): string {
  return `INSERT INTO partition_owners (partition, epoch, owner, taken)
    SELECT ${partition}, max(epoch) + 1, '${owner}', now64(3) FROM partition_owners WHERE partition = ${partition}
    SETTINGS async_insert = 0`;
}

/** Two that took at the same moment wrote the same epoch: the greater name has it, for everyone alike. */
function ownerExpression(partition: number): string {
  return `(SELECT argMax(owner, (epoch, owner)) FROM partition_owners WHERE partition = ${partition})`;
}

export function ownerQuery(partition: number): string {
  return `SELECT ${ownerExpression(partition)} AS owner`;
}

/** Inserts of the partition that run now and are not this owner's. */
export function runningInsertsQuery({ cluster }: FenceNames, partition: number, owner: string): string {
  const processes =
    cluster === undefined ? 'system.processes' : `clusterAllReplicas('${cluster}', system.processes)`;
  return `SELECT query_id FROM ${processes} WHERE ${othersCondition(partition, owner)}`;
}

export function killStatement({ cluster }: FenceNames, partition: number, owner: string): string {
  const where = cluster === undefined ? '' : `ON CLUSTER '${cluster}' `;
  return `KILL QUERY ${where}WHERE ${othersCondition(partition, owner)} ASYNC`;
}

function othersCondition(partition: number, owner: string): string {
  const prefix = queryIdPrefix(partition);
  return `startsWith(query_id, '${prefix}') AND NOT startsWith(query_id, '${prefix}${owner}-')`;
}

/** Rows that are sent with the statement, and pass only while this owner holds the partition. */
export function fencedSelect(partition: number, owner: string, structure: string): string {
  return `SELECT * FROM input('${structure.replaceAll("'", "\\'")}')
    WHERE ${ownerExpression(partition)} = '${owner}'`;
}
