import { createBufferedWriter } from '../../platform/background/buffered-writer.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Place } from '../../platform/http/paging.ts';
import type { AccessStore } from '../declarations/tables.ts';

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

export function createRefusalCounts(deps: { control: AccessStore; clock: Clock }): RefusalCounts {
  const { control, clock } = deps;
  const writer = createBufferedWriter<RefusalsOfDay>({
    keyOf,
    afterFlush: createPurge(control, clock),
    merge: (older, newer) => ({
      ...newer,
      refusals: older.refusals + newer.refusals,
      lastAtMs: Math.max(older.lastAtMs, newer.lastAtMs),
    }),
    async write(rows) {
      // All gateways write in one order, so that two of them do not block each other.
      const ordered = [...rows].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
      await control.transaction().execute(async (transaction) => {
        for (const row of ordered) await addToRow(transaction, row);
      });
    },
  });

  return {
    flush: writer.flush,
    count(refusal) {
      const nowMs = clock.nowMs();
      writer.add({ ...refusal, dayMs: dayOf(nowMs), refusals: 1, lastAtMs: nowMs });
    },
    async list(organisation, limit, after) {
      await writer.flush();
      return readRows(control, organisation, limit, after);
    },
  };
}
/** Returns how to remove old counts. It does so at most once a day. */
function createPurge(control: AccessStore, clock: Clock): () => Promise<void> {
  let purgedDayMs = 0;
  return async () => {
    const today = dayOf(clock.nowMs());
    if (purgedDayMs === today) return;
    purgedDayMs = today;
    await control
      .deleteFrom('refused_exchanges')
      .where('day', '<', today - keepMs)
      .execute();
  };
}

function keyOf({ dayMs, configurationId, reason }: RefusalsOfDay): string {
  return `${dayMs}/${configurationId}/${reason}`;
}

function dayOf(ms: number): number {
  return ms - (ms % dayMs);
}

/** Added in the store: several gateways count the same link. */
async function addToRow(control: AccessStore, one: RefusalsOfDay): Promise<void> {
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
  control: AccessStore,
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
