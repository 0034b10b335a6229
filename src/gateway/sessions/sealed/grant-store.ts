import { LRUCache } from 'lru-cache';
import type { Clock } from '../../../platform/clock.ts';
import type { GatewayStore } from '../../declarations/tables.ts';
import type { SharedSealing } from './shared-sealing.ts';

/**
 * Stores grants (`SessionGrant`) that are too large for a session token, once for all sessions of a token. They are in
 * the control store until the last of these sessions has ended.
 */
export interface GrantStore {
  /**
   * Stores a grant at least until `endsAtMs`. Resolves after all gateways can find it. A grant that is stored already is
   * not written again.
   * @param key the same key always has the same grant.
   * @param spend is called with the number of bytes before a new grant is written. If it throws, the grant is not
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
 * How long `save` trusts that a cached grant is stored. Forgetting a viewer removes grants, and other processes do not
 * notice that.
 */
const trustMs = 60_000;

interface StoredGrant {
  readonly grantText: string;
  readonly endsAtMs: number;
  /** When the store last had the grant. */
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

/** Inserts a row. If another gateway has inserted it at the same time, extends it instead. */
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
