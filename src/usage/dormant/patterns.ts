import { planUsage } from '../query/plan.ts';
import { everything } from '../query/query.ts';
import type { UsedKey, UsedKind } from '../query/statements/dormant-sql.ts';
import type { UsageStore } from '../query/usage-store.ts';
import { bucketEdges } from '../time/buckets.ts';
import { addMonths, type PlainDate, utcMidnight } from '../time/plain-dates.ts';
import { dateOfDay, dateStart } from '../time/time-windows.ts';
import type { Zone } from '../time/zones.ts';
import { findPattern, type Recurrence, type UsePattern } from './pattern.ts';

/** A pattern of recurring use in a response. */
export interface DormantPattern {
  readonly every: Recurrence;
  readonly occasions: number;
  readonly lastOccasion: string;
  readonly nextExpected: string;
  readonly missed: number;
}

/** How far back use is read. Three years are enough to detect a yearly pattern. */
const historyMonths = 37;
/** Maximum number of days of use that are read per key. More days would not reveal further patterns. */
const mostDays = 100;

export interface PatternMoment {
  readonly zone: Zone;
  readonly today: PlainDate;
  /** End of the use that is read (exclusive). */
  readonly endMs: number;
}

/**
 * Returns the patterns of the keys that have one. It reads only use before `endMs`. `lastUsedMs` of each key must be
 * before `endMs` too.
 */
export async function patternsOf<Key extends Pick<UsedKey, 'kind' | 'key' | 'lastUsedMs'>>(
  store: UsageStore,
  organisationId: string | undefined,
  keys: readonly Key[],
  moment: PatternMoment,
): Promise<Map<Key, DormantPattern>> {
  const patterns = new Map<Key, DormantPattern>();
  for (const kind of ['configuration', 'tag'] as const) {
    const used = keys.filter((key) => key.kind === kind && key.lastUsedMs > 0);
    if (used.length === 0) continue;
    const days = await readDays(
      store,
      organisationId,
      kind,
      used.map(({ key }) => key),
      moment,
    );
    for (const key of used) {
      const dates = (days.get(key.key) ?? []).map((seconds) => dateOfDay(seconds * 1000, moment.zone));
      const pattern = findPattern(dates, moment.today);
      if (pattern !== undefined) patterns.set(key, written(pattern));
    }
  }
  return patterns;
}

/** Reads the local days on which keys were used. Each day is the epoch second at which it starts. */
function readDays(
  store: UsageStore,
  organisationId: string | undefined,
  kind: UsedKind,
  keys: readonly string[],
  { zone, endMs }: PatternMoment,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const startMs = dateStart(addMonths(dateOfDay(endMs, zone), -historyMonths), zone);
  const window = { startMs, endMs };
  const starts = bucketEdges(window, 'day', zone).slice(0, -1);
  const names = kind === 'tag' ? { tags: keys } : { configurationIds: keys };
  const plan = planUsage({
    filter: { ...everything(organisationId), ...names },
    groupBy: kind,
    spans: [
      {
        name: 'range',
        stretches: [
          { window, buckets: { kind: 'starts', starts: starts.map((ms) => Math.floor(ms / 1000)) } },
        ],
      },
    ],
    order: { by: 'key', descending: false },
  });
  return store.newestBuckets(plan, keys, mostDays);
}

function written({ every, occasions, lastOccasion, nextExpected, missed }: UsePattern): DormantPattern {
  return {
    every,
    occasions,
    lastOccasion: isoDate(lastOccasion),
    nextExpected: isoDate(nextExpected),
    missed,
  };
}

function isoDate(date: PlainDate): string {
  return new Date(utcMidnight(date)).toISOString().slice(0, 10);
}
