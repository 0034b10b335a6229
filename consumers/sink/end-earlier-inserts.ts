import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';
import type { EventStore } from './event-store.ts';

export interface EndEarlierInsertsConfig {
  /** Begins the query id of every insert of this sink, also of those of an earlier process. */
  readonly queryIdPrefix: string;
  readonly cluster: string | undefined;
}

/**
 * The same store on a server, where an insert that timed out, or whose sender was killed, may still be running. Before
 * the state is read it is ended, or waited for: else it would store what is about to be stored again.
 */
export function endEarlierInserts(
  store: EventStore,
  client: ClickHouseClient,
  { queryIdPrefix, cluster }: EndEarlierInsertsConfig,
): EventStore {
  const onCluster = cluster === undefined ? '' : `ON CLUSTER '${cluster}' `;
  return {
    ...store,
    async readState() {
      await client.command({
        query: `KILL QUERY ${onCluster}WHERE startsWith(query_id, '${queryIdPrefix}') SYNC`,
      });
      return store.readState();
    },
  };
}
