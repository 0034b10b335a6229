import { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock.ts';
import type { GatewayStore } from '../declarations/tables.ts';
import type { SharedSealing } from './shared-sealing.ts';

/**
 * Stores grants (`SessionGrant`) that are too large for a session token. They are in the control store until their
 * session has ended.
 */
export interface GrantStore {
  /** Stores a grant. Resolves after all gateways can find it. */
  save(sessionId: string, grantText: string, endsAtMs: number): Promise<void>;
  find(sessionId: string): Promise<string | undefined>;
  /** Extends the time for which a grant is stored. Returns false if the grant is no longer stored. */
  extend(sessionId: string, endsAtMs: number): Promise<boolean>;
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

interface StoredGrant {
  readonly grantText: string;
  readonly endsAtMs: number;
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

  return {
    async save(sessionId, grantText, endsAtMs) {
      const claims = sealing.seal(grantText, claimsContextOf(sessionId));
      await control
        .insertInto('session_claims')
        .values({ session_id: sessionId, claims, ends_at: endsAtMs })
        .execute();
      cache.set(sessionId, { grantText, endsAtMs });
    },

    async find(sessionId) {
      const grant = cache.get(sessionId) ?? (await read(deps, sessionId));
      if (grant !== undefined) cache.set(sessionId, grant);
      return grant?.grantText;
    },

    async extend(sessionId, endsAtMs) {
      const cached = cache.get(sessionId);
      if (cached !== undefined && cached.endsAtMs >= endsAtMs) return true;
      const extendedEndsAtMs = endsAtMs + extensionSlackMs;
      if (!(await extendRow(control, sessionId, extendedEndsAtMs))) return false;
      if (cached !== undefined) cache.set(sessionId, { ...cached, endsAtMs: extendedEndsAtMs });
      return true;
    },

    async removeEnded() {
      const endedMs = clock.nowMs() - removalDelayMs;
      await control.deleteFrom('session_claims').where('ends_at', '<=', endedMs).execute();
    },
  };
}

async function read(
  { control, sealing }: GrantStoreDeps,
  sessionId: string,
): Promise<StoredGrant | undefined> {
  const row = await control
    .selectFrom('session_claims')
    .select(['claims', 'ends_at'])
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  const grantText = row && sealing.open(row.claims, claimsContextOf(sessionId));
  return grantText === undefined ? undefined : { grantText, endsAtMs: Number(row?.ends_at) };
}

/** Extends the expiry in a row, but never shortens it. Returns false if there is no row. */
async function extendRow(control: GatewayStore, sessionId: string, endsAtMs: number): Promise<boolean> {
  const { numUpdatedRows } = await control
    .updateTable('session_claims')
    .set(({ eb }) => ({
      ends_at: eb.case().when('ends_at', '<', endsAtMs).then(endsAtMs).else(eb.ref('ends_at')).end(),
    }))
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Returns the context with which the claims of a session are encrypted. */
export function claimsContextOf(sessionId: string): string {
  return `session_claims/${sessionId}`;
}
