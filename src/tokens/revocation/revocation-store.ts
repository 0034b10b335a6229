import type { Selectable } from 'kysely';
import { incrementRevision, readRevision } from '../../platform/sql/revisions.ts';
import type { TokenStore, TokenTables } from '../declarations/tables.ts';
import {
  mergeRevocations,
  type Revocation,
  type RevocationKey,
  type RevocationKind,
} from './revocation-rules.ts';

const topic = 'revocations';
const dayMs = 86_400_000;
/**
 * How long a revocation is kept after its token has expired. If the clock is set back during this time, the token
 * does not become valid again.
 */
const keepExpiredMs = dayMs;
/**
 * How long a revocation is kept after it has ended sessions. Longer than the maximum lifetime of a session, including
 * renewals.
 */
const keepEndedSessionsMs = 400 * dayMs;
const rowsPerPage = 5000;

export type RevocationStore = ReturnType<typeof createRevocationStore>;

/**
 * Creates the revocation store. Every change increments the store's revision in the same transaction, and the changed
 * row contains the new revision.
 */
export function createRevocationStore(control: TokenStore) {
  return {
    /** Merges a revocation into the stored one. Resolves to the result after it is durable. */
    save: (createRevocation: () => Revocation): Promise<Revocation> =>
      control.transaction().execute((transaction) => save(transaction, createRevocation)),

    revision: () => readRevision(control, topic),

    async changedSince(revision: number): Promise<Revocation[]> {
      const rows = await control
        .selectFrom('revocations')
        .selectAll()
        .where('revision', '>', revision)
        .execute();
      return rows.map(fromRow);
    },

    /** Yields all revocations, page by page, so that exchanges can run between two pages. */
    async *readAll(): AsyncGenerator<readonly Revocation[]> {
      let page: Revocation[];
      let last: Revocation | undefined;
      do {
        page = await readPage(control, last);
        last = page.at(-1);
        yield page;
      } while (page.length === rowsPerPage);
    },

    /**
     * Removes revocations that no longer have an effect: those of expired tokens, and those of configurations that
     * were deleted long ago.
     */
    purge: (nowMs: number) => purge(control, nowMs),
  };
}

async function save(transaction: TokenStore, createRevocation: () => Revocation): Promise<Revocation> {
  // The revision is incremented first, because this locks its row until commit. Revisions therefore become visible in
  // order.
  const revision = await incrementRevision(transaction, topic);
  const revocation = createRevocation();
  const existing = await find(transaction, revocation);
  const stored = existing === undefined ? revocation : mergeRevocations(existing, revocation);
  const row = toRow(stored, revision);
  await transaction
    .insertInto('revocations')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['configuration_id', 'kind', 'digest']).doUpdateSet({
        revoked_at: row.revoked_at,
        sessions_ended_at: row.sessions_ended_at,
        revision,
      }),
    )
    .execute();
  return stored;
}

async function purge(control: TokenStore, nowMs: number): Promise<void> {
  const sessionsOverBeforeMs = nowMs - keepEndedSessionsMs;
  await control
    .deleteFrom('revocations')
    .where('expires_at', '<', nowMs - keepExpiredMs)
    .where(({ eb, or }) =>
      or([
        eb('sessions_ended_at', 'is', null),
        eb('sessions_ended_at', '<', sessionsOverBeforeMs),
        eb('kind', '=', 'session'),
      ]),
    )
    .execute();
  await control
    .deleteFrom('revocations')
    .where('configuration_id', 'in', (query) =>
      query.selectFrom('token_configurations').select('id').where('deleted_at', '<', sessionsOverBeforeMs),
    )
    .execute();
}

async function find(control: TokenStore, key: RevocationKey): Promise<Revocation | undefined> {
  const row = await control
    .selectFrom('revocations')
    .selectAll()
    .where('configuration_id', '=', key.configurationId)
    .where('kind', '=', key.kind)
    .where('digest', '=', key.digest)
    .executeTakeFirst();
  return row && fromRow(row);
}

async function readPage(control: TokenStore, after: RevocationKey | undefined): Promise<Revocation[]> {
  let query = control.selectFrom('revocations').selectAll();
  if (after !== undefined) {
    const { configurationId, kind, digest } = after;
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('configuration_id', 'kind', 'digest'), '>', tuple(configurationId, kind, digest)),
    );
  }
  const rows = await query
    .orderBy('configuration_id')
    .orderBy('kind')
    .orderBy('digest')
    .limit(rowsPerPage)
    .execute();
  return rows.map(fromRow);
}

type Row = Selectable<TokenTables['revocations']>;

function toRow(revocation: Revocation, revision: number): Row {
  return {
    configuration_id: revocation.configurationId,
    kind: revocation.kind,
    digest: revocation.digest,
    revoked_at: revocation.revokedAtMs,
    sessions_ended_at: revocation.sessionsEndedAtMs ?? null,
    expires_at: revocation.expiresAtMs ?? null,
    revision,
  };
}

function fromRow(row: Row): Revocation {
  return {
    configurationId: row.configuration_id,
    kind: row.kind as RevocationKind,
    digest: row.digest,
    revokedAtMs: Number(row.revoked_at),
    sessionsEndedAtMs: row.sessions_ended_at === null ? undefined : Number(row.sessions_ended_at),
    expiresAtMs: row.expires_at === null ? undefined : Number(row.expires_at),
  };
}
