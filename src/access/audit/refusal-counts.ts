import type { Clock } from '../../platform/clock.ts';
import type { Place } from '../../platform/http/paging.ts';
import type { ControlStore } from '../../platform/sql/schema.ts';

/** A refused exchange of a configuration that we know. Nothing of the token itself. */
export interface Refusal {
  readonly configurationId: string;
  readonly organisationId: string;
  readonly reason: string;
}

/** Refusals of one configuration, for one reason, on one UTC day. */
export interface RefusalsOfDay extends Refusal {
  readonly dayMs: number;
  readonly refusals: number;
  readonly lastAtMs: number;
}

/** Which links are still in use after their end: counts, and the last time. */
export interface RefusalCounts {
  /** Counts it and returns at once; `flush` stores it. However many there are, it is one row a day. */
  count(refusal: Refusal): void;
  /** Stores what was counted before this call; what cannot be stored now is kept for the next time. */
  flush(): Promise<void>;
  /** The newest day first: of all organisations, or of one. */
  list(organisation: string | undefined, limit: number, after?: Place): Promise<RefusalsOfDay[]>;
}

const dayMs = 86_400_000;
const keepMs = 400 * dayMs;

export function createRefusalCounts(deps: { control: ControlStore; clock: Clock }): RefusalCounts {
  const { control, clock } = deps;
  let waiting = new Map<string, RefusalsOfDay>();
  let flushing: Promise<void> = Promise.resolve();
  let purgedDayMs = 0;

  function add(one: RefusalsOfDay): void {
    const key = `${one.dayMs}/${one.configurationId}/${one.reason}`;
    const before = waiting.get(key);
    const refusals = one.refusals + (before?.refusals ?? 0);
    waiting.set(key, { ...one, refusals, lastAtMs: Math.max(one.lastAtMs, before?.lastAtMs ?? 0) });
  }

  async function storeWaiting(): Promise<void> {
    if (waiting.size === 0) return;
    // In one order, so that two gateways do not wait for each other.
    const batch = [...waiting].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
    waiting = new Map();
    try {
      await control.transaction().execute(async (transaction) => {
        for (const one of batch) await addToRow(transaction, one);
      });
    } catch (error) {
      for (const one of batch) add(one);
      throw error;
    }
    await purge();
  }

  async function purge(): Promise<void> {
    const today = dayOf(clock.nowMs());
    if (purgedDayMs === today) return;
    purgedDayMs = today;
    await control
      .deleteFrom('refused_exchanges')
      .where('day', '<', today - keepMs)
      .execute();
  }

  const counts: RefusalCounts = {
    count(refusal) {
      const nowMs = clock.nowMs();
      add({ ...refusal, dayMs: dayOf(nowMs), refusals: 1, lastAtMs: nowMs });
    },

    flush() {
      flushing = flushing.catch(() => undefined).then(storeWaiting);
      return flushing;
    },

    async list(organisation, limit, after) {
      await counts.flush();
      return readRows(control, organisation, limit, after);
    },
  };
  return counts;
}

function dayOf(ms: number): number {
  return ms - (ms % dayMs);
}

/** Added in the store: several gateways count the same link. */
async function addToRow(control: ControlStore, one: RefusalsOfDay): Promise<void> {
  await control
    .insertInto('refused_exchanges')
    .values({
      configuration_id: one.configurationId,
      organisation_id: one.organisationId,
      reason: one.reason,
      day: one.dayMs,
      refusals: one.refusals,
      last_at: one.lastAtMs,
    })
    .onConflict((conflict) =>
      conflict.columns(['configuration_id', 'reason', 'day']).doUpdateSet(({ ref, eb }) => ({
        refusals: eb(ref('refused_exchanges.refusals'), '+', ref('excluded.refusals')),
        last_at: eb
          .case()
          .when('refused_exchanges.last_at', '<', ref('excluded.last_at'))
          .then(ref('excluded.last_at'))
          .else(ref('refused_exchanges.last_at'))
          .end(),
      })),
    )
    .execute();
}

async function readRows(
  control: ControlStore,
  organisation: string | undefined,
  limit: number,
  after: Place | undefined,
): Promise<RefusalsOfDay[]> {
  let query = control.selectFrom('refused_exchanges').selectAll();
  if (organisation !== undefined) query = query.where('organisation_id', '=', organisation);
  if (after !== undefined) {
    const [configurationId = '', reason = ''] = after[1].split('/');
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('day', 'configuration_id', 'reason'), '<', tuple(after[0], configurationId, reason)),
    );
  }
  const rows = await query
    .orderBy('day', 'desc')
    .orderBy('configuration_id', 'desc')
    .orderBy('reason', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    configurationId: row.configuration_id,
    organisationId: row.organisation_id,
    reason: row.reason,
    dayMs: Number(row.day),
    refusals: Number(row.refusals),
    lastAtMs: Number(row.last_at),
  }));
}
