import { LRUCache } from 'lru-cache';
import type { Clock } from '../../../platform/clock.ts';
import type { GatewayStore } from '../../declarations/tables.ts';
import type { SharedSealing } from './shared-sealing.ts';

/**
 * Stores grants (`SessionGrant`) that are too large for a session token. All sessions with the same grant share one row in
 * the control store. The row is kept until the last of them has ended.
 */
export interface GrantStore {
  /**
   * Stores a grant at least until `endsAtMs`. Resolves after all gateways can find the grant. Does not write a grant again
   * that is already stored.
   * @param key must always have the same grant.
   * @param spend called with the size in bytes before a new grant is written. If `spend` throws, the grant is not
   * written.
   */
  save(key: string, grantText: string, endsAtMs: number, spend?: (bytes: number) => void): Promise<void>;
  find(key: string): Promise<string | undefined>;
  /** Extends the time for which a grant is stored. Returns false if the grant is no longer stored. */
  extend(key: string, endsAtMs: number): Promise<boolean>;
  /** Deletes the grants of sessions that ended more than 10 minutes ago. */
  removeEnded(): Promise<void>;
}

const cacheBytes = 32 * 1024 ** 2;
/**
 * Time that is added whenever the expiry of a stored grant is extended. With it, a session in use does not write to
 * the store on every renewal.
 */
const extensionSlackMs = 600_000;
/**
 * Delay before a grant is deleted. The clocks of gateways may differ, and a gateway whose clock is ahead must not
 * delete a grant that is still in use.
 */
const removalDelayMs = 600_000;

/**
 * How long `save` assumes that a cached grant is still in the store. When a viewer is forgotten, grants are deleted from
 * the store, but not from the caches.
 */
const trustMs = 60_000;

interface StoredGrant {
  readonly grantText: string;
  readonly endsAtMs: number;
  /** When this process last read or wrote the grant in the store. */
  readonly seenAtMs: number;
}

export interface GrantStoreDeps {
  readonly control: GatewayStore;
  readonly sealing: SharedSealing;
  readonly clock: Clock;
}

/** Creates a grant store with a 32 MiB cache. Grants are encrypted with keys that all gateways share. */
export function createGrantStore(deps: GrantStoreDeps): GrantStore {
  const { control, sealing, clock } = deps;
  const cache = new LRUCache<string, StoredGrant>({
    maxSize: cacheBytes,
    sizeCalculation: ({ grantText }) => 2 * grantText.length + 300,
  });

  /** Saves in progress. Concurrent exchanges of one token share a save. */
  const saving = new Map<string, Promise<void>>();

  async function store(
    key: string,
    grantText: string,
    endsAtMs: number,
    spend: ((bytes: number) => void) | undefined,
  ): Promise<void> {
    const extendedEndsAtMs = endsAtMs + extensionSlackMs;
    if (!(await extendRow(control, key, extendedEndsAtMs))) {
      const claims = sealing.seal(grantText, claimsContextOf(key));
      spend?.(claims.length);
      await insertRow(control, { session_id: key, claims, ends_at: extendedEndsAtMs });
    }
    cache.set(key, { grantText, endsAtMs: extendedEndsAtMs, seenAtMs: clock.nowMs() });
  }

  return {
    save(key, grantText, endsAtMs, spend) {
      const cached = cache.get(key);
      if (cached !== undefined && cached.endsAtMs >= endsAtMs && clock.nowMs() - cached.seenAtMs < trustMs)
        return Promise.resolve();
      let saved = saving.get(key);
      if (saved === undefined) {
        saved = store(key, grantText, endsAtMs, spend).finally(() => saving.delete(key));
        saving.set(key, saved);
      }
      return saved;
    },

    async find(key) {
      const grant = cache.get(key) ?? (await read(deps, key));
      if (grant !== undefined) cache.set(key, grant);
      return grant?.grantText;
    },

    async extend(key, endsAtMs) {
      const cached = cache.get(key);
      if (cached !== undefined && cached.endsAtMs >= endsAtMs) return true;
      const extendedEndsAtMs = endsAtMs + extensionSlackMs;
      if (!(await extendRow(control, key, extendedEndsAtMs))) return false;
      if (cached !== undefined)
        cache.set(key, { ...cached, endsAtMs: extendedEndsAtMs, seenAtMs: clock.nowMs() });
      return true;
    },

    async removeEnded() {
      const endedMs = clock.nowMs() - removalDelayMs;
      await control.deleteFrom('session_claims').where('ends_at', '<=', endedMs).execute();
    },
  };
}

async function read(
  { control, sealing, clock }: GrantStoreDeps,
  key: string,
): Promise<StoredGrant | undefined> {
  const row = await control
    .selectFrom('session_claims')
    .select(['claims', 'ends_at'])
    .where('session_id', '=', key)
    .executeTakeFirst();
  const grantText = row && sealing.open(row.claims, claimsContextOf(key));
  return grantText === undefined
    ? undefined
    : { grantText, endsAtMs: Number(row?.ends_at), seenAtMs: clock.nowMs() };
}

/** Inserts a row. If another gateway has inserted the row in the meantime, extends the expiry of that row. */
async function insertRow(
  control: GatewayStore,
  row: { readonly session_id: string; readonly claims: string; readonly ends_at: number },
): Promise<void> {
  await control
    .insertInto('session_claims')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('session_id').doUpdateSet(({ eb }) => ({
        ends_at: eb
          .case()
          .when('session_claims.ends_at', '<', row.ends_at)
          .then(row.ends_at)
          .else(eb.ref('session_claims.ends_at'))
          .end(),
      })),
    )
    .execute();
}

/** Extends the expiry in a row, but never shortens it. Returns false if there is no row. */
async function extendRow(control: GatewayStore, key: string, endsAtMs: number): Promise<boolean> {
  const { numUpdatedRows } = await control
    .updateTable('session_claims')
    .set(({ eb }) => ({
      ends_at: eb.case().when('ends_at', '<', endsAtMs).then(endsAtMs).else(eb.ref('ends_at')).end(),
    }))
    .where('session_id', '=', key)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Returns the context with which stored claims are encrypted. */
export function claimsContextOf(key: string): string {
  return `session_claims/${key}`;
}
