import { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock.ts';
import type { GatewayStore } from '../declarations/tables.ts';
import type { SharedSealing } from './shared-sealing.ts';

/** Grants that have no room in a session token. They lie in the control store until their session has ended. */
export interface KeptGrants {
  /** Resolves when every gateway can find it. */
  keep(sessionId: string, grantText: string, endsAtMs: number): Promise<void>;
  find(sessionId: string): Promise<string | undefined>;
  /** Keeps it longer. False when it is not there any more. */
  extend(sessionId: string, endsAtMs: number): Promise<boolean>;
  removeEnded(): Promise<void>;
}

const cacheBytes = 32 * 1024 ** 2;
/** Kept a little longer than asked, so that a session that is in use does not write at each request. */
const extensionSlackMs = 600_000;
/** Clocks of gateways may differ: one that is ahead must not take away what is still in use. */
const removalDelayMs = 600_000;

interface Known {
  readonly grantText: string;
  readonly endsAtMs: number;
}

export interface KeptGrantsDeps {
  readonly control: GatewayStore;
  readonly sealing: SharedSealing;
  readonly clock: Clock;
}

export function createKeptGrants(deps: KeptGrantsDeps): KeptGrants {
  const { control, sealing, clock } = deps;
  const cache = new LRUCache<string, Known>({
    maxSize: cacheBytes,
    sizeCalculation: ({ grantText }) => 2 * grantText.length + 300,
  });

  return {
    async keep(sessionId, grantText, endsAtMs) {
      const claims = sealing.seal(grantText, contextOf(sessionId));
      await control
        .insertInto('session_claims')
        .values({ session_id: sessionId, claims, ends_at: endsAtMs })
        .execute();
      cache.set(sessionId, { grantText, endsAtMs });
    },

    async find(sessionId) {
      const known = cache.get(sessionId) ?? (await read(deps, sessionId));
      if (known !== undefined) cache.set(sessionId, known);
      return known?.grantText;
    },

    async extend(sessionId, endsAtMs) {
      const known = cache.get(sessionId);
      if (known !== undefined && known.endsAtMs >= endsAtMs) return true;
      const keptUntilMs = endsAtMs + extensionSlackMs;
      if (!(await extendRow(control, sessionId, keptUntilMs))) return false;
      if (known !== undefined) cache.set(sessionId, { ...known, endsAtMs: keptUntilMs });
      return true;
    },

    async removeEnded() {
      const endedMs = clock.nowMs() - removalDelayMs;
      await control.deleteFrom('session_claims').where('ends_at', '<=', endedMs).execute();
    },
  };
}

async function read({ control, sealing }: KeptGrantsDeps, sessionId: string): Promise<Known | undefined> {
  const row = await control
    .selectFrom('session_claims')
    .select(['claims', 'ends_at'])
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  const grantText = row && sealing.open(row.claims, contextOf(sessionId));
  return grantText === undefined ? undefined : { grantText, endsAtMs: Number(row?.ends_at) };
}

/** Moves the end of a row to a later time. Returns false when there is no row. */
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

function contextOf(sessionId: string): string {
  return `session_claims/${sessionId}`;
}
