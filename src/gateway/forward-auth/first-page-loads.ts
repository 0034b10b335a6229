import { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors/errors.ts';
import type { GatewayStore } from '../declarations/tables.ts';

/** Which link entries have had their first page load: known to all gateways, and after a restart. */
export interface FirstPageLoads {
  /** Whether this page load is the first one of that entry's session: true once, then never again. */
  take(sessionId: string, endsAtMs: number): Promise<boolean>;
  removeEnded(): Promise<void>;
}

const maxRemembered = 100_000;

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
      // Before the store is asked: of two at once only one may ask.
      taken.set(sessionId, true);
      try {
        return await insert(sessionId, endsAtMs);
      } catch (error) {
        // Without the store this gateway goes by its own memory: the entry was counted, pages go on.
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
