import { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors/errors.ts';
import type { GatewayStore } from '../declarations/tables.ts';

/** Records which link entries have had their first page load. All gateways share the records, also after restarts. */
export interface FirstPageLoads {
  /**
   * Records the first page load in a link entry's session. Returns true to the first caller, and false to all later
   * ones.
   */
  take(sessionId: string, endsAtMs: number): Promise<boolean>;
  /** Deletes the records of sessions that have ended. */
  removeEnded(): Promise<void>;
}

const maxRemembered = 100_000;

/** Creates the records in the control store, with a cache of the latest 100,000 in memory. */
export function createFirstPageLoads(deps: {
  readonly control: GatewayStore;
  readonly clock: Clock;
}): FirstPageLoads {
  const { control, clock } = deps;
  const taken = new LRUCache<string, true>({ max: maxRemembered });

  async function insert(sessionId: string, endsAtMs: number): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await control
      .insertInto('first_page_loads')
      .values({ session_id: sessionId, ends_at: endsAtMs })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }

  return {
    async take(sessionId, endsAtMs) {
      if (taken.has(sessionId)) return false;
      // The cache is set before the insert, so that only one of two concurrent calls inserts the record.
      taken.set(sessionId, true);
      try {
        return await insert(sessionId, endsAtMs);
      } catch (error) {
        // If the store is unavailable, only this gateway's memory decides. The link entry is already counted, and
        // pages must load.
        if (error instanceof AppError && error.kind === 'unavailable') return true;
        taken.delete(sessionId);
        throw error;
      }
    },

    async removeEnded() {
      await control.deleteFrom('first_page_loads').where('ends_at', '<=', clock.nowMs()).execute();
    },
  };
}
