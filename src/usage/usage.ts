import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors/errors.ts';
import { decodeCursor, encodeCursor, type Page } from '../platform/http/paging.ts';
import { dayWindow, formatInstant } from './time/time-windows.ts';
import { parseZone, type Zone } from './time/zones.ts';
import type { KeyedUsage, Usage, UsageFilter, UsageStore } from './usage-store.ts';

/** Usage in a time zone, as the API answers it. */
export interface ZonedUsage {
  readonly lastUsed: string | null;
  readonly today: number;
  readonly total: number;
}

/** What every usage answer says about itself. */
export interface UsageFrame {
  readonly timeZone: string;
  readonly dayStart: string;
  /** Every session accepted before this instant is in the answer; null before the first. */
  readonly completeThrough: string | null;
}

/** What usage lists say of a configuration beside its counts. */
export interface ConfigurationName {
  readonly id: string;
  readonly name: string;
  readonly deletedAtMs: number | undefined;
}

export interface UsageDeps {
  readonly store: UsageStore;
  readonly clock: Clock;
  /** All configurations of an organisation (of all, where undefined), deleted ones too. */
  readonly configurationsOf: (organisationId: string | undefined) => Promise<readonly ConfigurationName[]>;
  /** The instant before which everything accepted is stored; undefined where another process knows. */
  readonly completeThroughMs: () => number | undefined;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | undefined;
}

export type UsageService = ReturnType<typeof createUsage>;

/** Answers of the usage API: the one place where UTC counts meet a time zone. */
export function createUsage(deps: UsageDeps) {
  const { store, clock } = deps;

  /** The watermark is read before the counts: what it promises is then surely among them. */
  async function framed<T>(
    timeZone: string,
    read: (today: { startMs: number; endMs: number }, zone: Zone) => Promise<T>,
  ) {
    const zone = zoneOf(timeZone);
    const completeThroughMs = deps.completeThroughMs();
    const today = dayWindow(clock.nowMs(), zone);
    const answer = await read(today, zone);
    const frame = { timeZone: zone.name, dayStart: formatInstant(today.startMs, zone) };
    return { answer, frame, completeThroughMs };
  }

  async function completeThrough(instantMs: number | undefined, total: number): Promise<string | null> {
    if (instantMs === undefined || (total === 0 && (await store.isEmpty()))) return null;
    return new Date(instantMs).toISOString();
  }

  return {
    async summary(filter: UsageFilter, timeZone: string): Promise<UsageFrame & ZonedUsage> {
      const { answer, frame, completeThroughMs } = await framed(timeZone, async (today, zone) =>
        zoned(await store.summary(filter, today), zone),
      );
      return { ...frame, ...answer, completeThrough: await completeThrough(completeThroughMs, answer.total) };
    },

    /** By total, then name; configurations that were never used are there too, unless tags are asked for. */
    async configurations(filter: UsageFilter, timeZone: string, page: PageRequest) {
      const { answer, frame, completeThroughMs } = await framed(timeZone, async (today, zone) => {
        const usage = new Map((await store.byConfiguration(filter, today)).map((one) => [one.key, one]));
        const named = (await deps.configurationsOf(filter.organisationId)).filter((configuration) =>
          isListed(configuration, filter, usage.has(configuration.id)),
        );
        return named.map(({ id, name, deletedAtMs }) => ({
          configurationId: id,
          name,
          deletedAt: deletedAtMs === undefined ? null : new Date(deletedAtMs).toISOString(),
          ...zoned(usage.get(id) ?? unused, zone),
        }));
      });
      const total = answer.reduce((sum, item) => sum + item.total, 0);
      const { items, nextCursor } = pageOf(
        answer,
        ({ name, configurationId }) => `${name}\0${configurationId}`,
        page,
      );
      return {
        ...frame,
        completeThrough: await completeThrough(completeThroughMs, total),
        items,
        nextCursor,
      };
    },

    async tags(filter: UsageFilter, timeZone: string, page: PageRequest) {
      const { answer, frame, completeThroughMs } = await framed(timeZone, async (today, zone) => {
        const byTag = await store.byTag(filter, today);
        const { total } = await store.summary(filter, today);
        return {
          total,
          items: byTag.map(({ key, ...usage }: KeyedUsage) => ({ tag: key, ...zoned(usage, zone) })),
        };
      });
      const { items, nextCursor } = pageOf(answer.items, ({ tag }) => tag ?? '', page);
      const through = await completeThrough(completeThroughMs, answer.total);
      return { ...frame, completeThrough: through, distinctSessions: answer.total, items, nextCursor };
    },
  };
}

const unused: Usage = { lastUsedMs: undefined, today: 0, total: 0 };

function zoneOf(name: string): Zone {
  const zone = parseZone(name);
  if (zone !== undefined) return zone;
  const message = 'must be an IANA time zone such as Europe/Berlin or UTC';
  throw new AppError('invalid_time_zone', { faults: [{ path: '/timeZone', message }] });
}

function zoned({ lastUsedMs, today, total }: Usage, zone: Zone): ZonedUsage {
  return { lastUsed: lastUsedMs === undefined ? null : formatInstant(lastUsedMs, zone), today, total };
}

function isListed({ id, deletedAtMs }: ConfigurationName, filter: UsageFilter, used: boolean): boolean {
  if (used) return true;
  const asked =
    filter.configurationIds.length === 0 ? deletedAtMs === undefined : filter.configurationIds.includes(id);
  return asked && filter.tags.length === 0 && !filter.untagged;
}

/** A page of items by `-total`, then name, in code point order. */
function pageOf<T extends { total: number }>(
  items: T[],
  nameOf: (item: T) => string,
  page: PageRequest,
): Page<T> {
  const comesAfter = (item: T, total: number, name: string) =>
    item.total < total || (item.total === total && nameOf(item) > name);
  const sorted = items.toSorted((one, other) => (comesAfter(one, other.total, nameOf(other)) ? 1 : -1));
  const after = page.cursor === undefined ? undefined : decodeCursor(page.cursor);
  const rest = after === undefined ? sorted : sorted.filter((item) => comesAfter(item, ...after));
  const shown = rest.slice(0, page.limit);
  const last = shown.at(-1);
  const more = rest.length > shown.length && last !== undefined;
  return { items: shown, nextCursor: more ? encodeCursor(last.total, nameOf(last)) : null };
}
