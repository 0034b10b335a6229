import type { ViewerReplacement } from '../../../src/events/viewer-replacement.ts';
import type { ClickHouseClient } from '../../../src/platform/clickhouse/client.ts';
import { clickHouseTime } from '../../../src/platform/clickhouse/literals.ts';
import type { Failpoint } from '../../../src/platform/failpoints.ts';
import type { ViewerFailpoint } from '../../declarations/failpoints.ts';
import { convertedDatabase } from '../converted-table.ts';
import { sendInsert } from '../statements/one-block-insert.ts';
import {
  eraseStatement,
  letterTraceQuery,
  type ReplacementRow,
  replaceInLetters,
  replaceInSessions,
  replacementsQuery,
  sessionTraceQuery,
  toReplacement,
} from './replacement-statements.ts';

/** Replaces the pseudonyms of forgotten viewers in ClickHouse. Each method can be called again after a failure. */
export interface ViewerStore {
  /**
   * Stores a replacement. Resolves after it is durable. Sinks apply it to the events that they store after their next
   * refresh (`KnownReplacements`).
   */
  publish(replacement: ViewerReplacement): Promise<void>;
  /** Returns the stored replacements. */
  replacements(): Promise<ViewerReplacement[]>;
  /**
   * Replaces every forgotten pseudonym in stored sessions and dead letters. Returns the ids of the requests whose
   * pseudonym was found.
   * @throws Error if the event table of an older version is not converted yet.
   */
  replace(): Promise<ReadonlySet<string>>;
  /** Deletes replacements. After their next refresh, sinks store events of these viewers unchanged. */
  erase(ids: readonly string[]): Promise<void>;
}

export interface ViewerStoreDeps {
  /** Client whose time limit is sufficient for rewriting the largest month. */
  readonly client: ClickHouseClient;
  readonly failpoint: Failpoint<ViewerFailpoint>;
  /** Name of the cluster, or undefined for a single server. */
  readonly cluster: string | undefined;
}

/** Creates the store on ClickHouse, embedded or on a server. */
export function createViewerStore({ client, failpoint, cluster }: ViewerStoreDeps): ViewerStore {
  const rows = async <T>(query: string) => (await client.query({ query, format: 'JSONEachRow' })).json<T>();
  const idsOf = async (query: string) => (await rows<{ id: string }>(query)).map(({ id }) => id);
  const run = async (query: string) => void (await client.command({ query }));

  /** Waits until all replicas have the replacements, because each replica reads its own copy for a mutation. */
  const syncReplicas = async (database: string) => {
    if (cluster !== undefined)
      await run(`SYSTEM SYNC REPLICA ON CLUSTER '${cluster}' ${database}.forgotten_viewers`);
  };

  return {
    publish: (replacement) => insertReplacement(client, replacement),
    replacements: async () => (await rows<ReplacementRow>(replacementsQuery)).map(toReplacement),
    async replace() {
      const database = await convertedDatabase(rows);
      if (database === undefined) throw new Error('the event table of an older version is not converted yet');
      const sessions = await idsOf(sessionTraceQuery(database));
      const letters = await idsOf(letterTraceQuery(database));
      if (sessions.length + letters.length > 0) await syncReplicas(database);
      failpoint('forget.counted');
      if (sessions.length > 0) await run(replaceInSessions(database));
      failpoint('forget.sessions');
      if (letters.length > 0) await run(replaceInLetters(database));
      failpoint('forget.letters');
      return new Set([...sessions, ...letters]);
    },
    async erase(ids) {
      if (ids.length > 0) await run(eraseStatement(ids));
    },
  };
}

/** Stores a replacement. The row is in the request body, so that no query log contains the pseudonym. */
async function insertReplacement(
  client: ClickHouseClient,
  { id, organisationId, viewer, replacement, beforeMs }: ViewerReplacement,
): Promise<void> {
  const row = JSON.stringify([id, organisationId, viewer, replacement, clickHouseTime(beforeMs)]);
  const columns = 'id, organisation_id, viewer, replacement, before';
  const statement = `INSERT INTO forgotten_viewers (${columns}) SETTINGS async_insert = 0 FORMAT JSONCompactEachRow`;
  await sendInsert(client, statement, [row]);
}
