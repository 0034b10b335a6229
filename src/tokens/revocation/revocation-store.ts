import { uuidv7 } from '../../platform/crypto/uuid.ts';
import { incrementRevision, readRevision } from '../../platform/sql/revisions.ts';
import type { TokenStore } from '../declarations/tables.ts';
import { purgeRevocations } from './revocation-purge.ts';
import { fromRow, type StoredRevocation, toRow } from './revocation-rows.ts';
import { isInEffect, mergeRevocations, type Revocation, type RevocationKey } from './revocation-rules.ts';

export type { StoredRevocation } from './revocation-rows.ts';

/** A revocation to store, with the members that only the list of revocations shows. */
export interface NewRevocation extends Revocation {
  readonly revokedBy?: string | undefined;
  readonly sealedSubject?: string | undefined;
}

const topic = 'revocations';
const rowsPerPage = 5000;

export type RevocationStore = ReturnType<typeof createRevocationStore>;

/**
 * Creates the revocation store. Every change increments the store's revision in the same transaction, and the changed
 * row contains the new revision.
 */
export function createRevocationStore(control: TokenStore) {
  return {
    /** Merges a revocation into the stored one. Resolves to the result after it is durable. */
    save: (createRevocation: () => NewRevocation): Promise<StoredRevocation> =>
      control.transaction().execute((transaction) => save(transaction, createRevocation)),

    /**
     * Ends a revocation. Resolves to the ended revocation after it is durable, or to undefined if the revocation is not
     * stored or has already ended.
     */
    end: (key: RevocationKey, nowMs: () => number): Promise<StoredRevocation | undefined> =>
      control.transaction().execute((transaction) => end(transaction, key, nowMs)),

    revision: () => readRevision(control, topic),

    async changedSince(revision: number): Promise<StoredRevocation[]> {
      const rows = await control
        .selectFrom('revocations')
        .selectAll()
        .where('revision', '>', revision)
        .execute();
      return rows.map(fromRow);
    },

    /** Yields all revocations, page by page, so that exchanges can run between two pages. */
    async *readAll(): AsyncGenerator<readonly StoredRevocation[]> {
      let page: StoredRevocation[];
      let last: StoredRevocation | undefined;
      do {
        page = await readPage(control, last);
        last = page.at(-1);
        yield page;
      } while (page.length === rowsPerPage);
    },

    purge: (nowMs: number) => purgeRevocations(control, nowMs),
  };
}

async function save(
  transaction: TokenStore,
  createRevocation: () => NewRevocation,
): Promise<StoredRevocation> {
  // The revision is incremented first, because this locks its row until commit. Revisions therefore become visible in
  // order.
  const revision = await incrementRevision(transaction, topic);
  const revocation = createRevocation();
  const existing = await find(transaction, revocation);
  const stored = { ...combine(existing, revocation), revision };
  const { configuration_id, kind, digest, expires_at, ...changed } = toRow(stored);
  await transaction
    .insertInto('revocations')
    .values({ configuration_id, kind, digest, expires_at, ...changed })
    .onConflict((conflict) => conflict.columns(['configuration_id', 'kind', 'digest']).doUpdateSet(changed))
    .execute();
  return stored;
}

/**
 * Merges a new revocation into the stored revocation. If the stored revocation has ended, the new revocation replaces it,
 * but sessions that the stored revocation has ended stay ended.
 */
function combine(
  existing: StoredRevocation | undefined,
  revocation: NewRevocation,
): Omit<StoredRevocation, 'revision'> {
  const { revokedAtMs, kind } = revocation;
  const added = {
    id: kind === 'session' ? undefined : uuidv7(),
    createdAtMs: kind === 'session' ? undefined : revokedAtMs,
    revokedBy: revocation.revokedBy,
    sealedSubject: revocation.sealedSubject,
  };
  if (existing === undefined) return { ...revocation, ...added };
  const merged = mergeRevocations(existing, revocation);
  if (!isInEffect(existing, revokedAtMs))
    return { ...revocation, ...added, sessionsEndedAtMs: merged.sessionsEndedAtMs };
  return {
    ...merged,
    id: existing.id ?? added.id,
    createdAtMs: existing.createdAtMs ?? added.createdAtMs,
    revokedBy: added.revokedBy ?? existing.revokedBy,
    sealedSubject: added.sealedSubject ?? existing.sealedSubject,
  };
}

async function end(
  transaction: TokenStore,
  key: RevocationKey,
  nowMs: () => number,
): Promise<StoredRevocation | undefined> {
  const revision = await incrementRevision(transaction, topic);
  const existing = await find(transaction, key);
  const endMs = nowMs();
  if (existing === undefined || !isInEffect(existing, endMs)) return undefined;
  await transaction
    .updateTable('revocations')
    .set({ ends_at: endMs, revision })
    .where('configuration_id', '=', key.configurationId)
    .where('kind', '=', key.kind)
    .where('digest', '=', key.digest)
    .execute();
  return { ...existing, untilMs: endMs, revision };
}

async function find(control: TokenStore, key: RevocationKey): Promise<StoredRevocation | undefined> {
  const row = await control
    .selectFrom('revocations')
    .selectAll()
    .where('configuration_id', '=', key.configurationId)
    .where('kind', '=', key.kind)
    .where('digest', '=', key.digest)
    .executeTakeFirst();
  return row && fromRow(row);
}

async function readPage(control: TokenStore, after: RevocationKey | undefined): Promise<StoredRevocation[]> {
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
