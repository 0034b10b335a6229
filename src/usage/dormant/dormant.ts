import { decodeCursor, encodeCursor } from '../../platform/http/routes/paging.ts';
import { type AnswerDeps, framed, type Moment } from '../answers/frame.ts';
import type { PageRequest } from '../answers/paging.ts';
import type { UsedKey, UsedKind } from '../query/statements/dormant-sql.ts';
import { addDays } from '../time/plain-dates.ts';
import { dateOfDay, dateStart, formatInstant } from '../time/time-windows.ts';
import { type DormantPattern, patternsOf } from './patterns.ts';

export const dormantKinds = ['configuration', 'tag'] as const satisfies readonly UsedKind[];

export interface DormantRequest extends PageRequest {
  readonly timeZone: string;
  /** Minimum number of local days without use, not including today. */
  readonly days: number;
  /** Kind of the items. Undefined: configurations and tags. */
  readonly kind: UsedKind | undefined;
}

/** A configuration or tag that was not used for some time. `lastUsedMs` is 0 if it was never used. */
interface DormantKey extends UsedKey {
  readonly name: string;
}

export interface DormantItem {
  readonly kind: UsedKind;
  /** Id of the configuration, or the tag. */
  readonly key: string;
  readonly name: string;
  readonly lastUsed: string | null;
  readonly total: number;
  readonly pattern: DormantPattern | null;
}

/**
 * Returns configurations and tags that were not used today or on the previous `days` local dates. Those that were
 * never used are first. The others are sorted by last use. Pages need no snapshot: an item is removed from the list
 * when it is used, and otherwise keeps its place.
 * @throws AppError `invalid_time_zone`, `invalid_cursor`, `usage_unavailable`.
 */
export async function answerDormant(
  deps: AnswerDeps,
  organisationId: string | undefined,
  request: DormantRequest,
) {
  const after = request.cursor === undefined ? undefined : placeOf(request.cursor);
  return framed(deps, request.timeZone, async (moment) => {
    const { zone, nowMs } = moment;
    const today = dateOfDay(nowMs, zone);
    const since = dateStart(addDays(today, -request.days), zone);
    const found = await readDormant(deps, organisationId, request, since, after);
    const shown = found.slice(0, request.limit);
    const last = shown.at(-1);
    const patterns = await patternsOf(deps.store, organisationId, shown, { zone, today, endMs: since });
    const items = shown.map((key) => itemOf(key, patterns.get(key), moment));
    const nextCursor = found.length > request.limit && last !== undefined ? cursorOf(last) : null;
    const total = items.reduce((sum, item) => sum + item.total, 0);
    return { answer: { since: formatInstant(since, zone), items, nextCursor }, total };
  });
}

async function readDormant(
  deps: AnswerDeps,
  organisationId: string | undefined,
  { kind, limit }: DormantRequest,
  since: number,
  after: Place | undefined,
): Promise<DormantKey[]> {
  const kinds = kind === undefined ? dormantKinds : [kind];
  const used = await deps.store.usedKeys({
    ...{ organisationId, kinds, usedBeforeMs: since, tagLimit: limit + 1 },
    afterTag: after && { lastUsedMs: after.lastUsedMs, tag: after.kind === 'tag' ? after.key : '' },
  });
  const configurations = kinds.includes('configuration')
    ? await readConfigurations(deps, organisationId, used)
    : [];
  const tags = used.filter((one) => one.kind === 'tag').map((tag) => ({ ...tag, name: tag.key }));
  return [
    ...configurations.filter(
      (one) => one.lastUsedMs < since && (after === undefined || compare(one, after) > 0),
    ),
    ...tags,
  ].toSorted(compare);
}

async function readConfigurations(
  { configurationsOf }: AnswerDeps,
  organisationId: string | undefined,
  used: readonly UsedKey[],
): Promise<DormantKey[]> {
  const usage = new Map(used.filter(({ kind }) => kind === 'configuration').map((one) => [one.key, one]));
  const configurations = await configurationsOf(organisationId);
  return configurations
    .filter(({ deletedAtMs }) => deletedAtMs === undefined)
    .map(({ id, name }) => ({
      ...{ kind: 'configuration' as const, key: id, name },
      total: usage.get(id)?.total ?? 0,
      lastUsedMs: usage.get(id)?.lastUsedMs ?? 0,
    }));
}

type Place = Pick<UsedKey, 'kind' | 'key' | 'lastUsedMs'>;

/**
 * Sort order: by last use, then configurations before tags. Tags with the same last use keep the order in which the
 * store returns them.
 */
function compare(one: Place, other: Place): number {
  if (one.lastUsedMs !== other.lastUsedMs) return one.lastUsedMs - other.lastUsedMs;
  if (one.kind !== other.kind) return one.kind === 'configuration' ? -1 : 1;
  if (one.kind === 'tag' || one.key === other.key) return 0;
  return one.key < other.key ? -1 : 1;
}

function cursorOf({ kind, key, lastUsedMs }: Place): string {
  return encodeCursor(lastUsedMs, `${kind}:${key}`);
}

function placeOf(cursor: string): Place {
  const [lastUsedMs, text] = decodeCursor(cursor);
  const kind = dormantKinds.find((one) => text.startsWith(`${one}:`));
  // Cursors of this list always contain a kind. For any other text, decoding '' throws the same error as for an
  // invalid cursor.
  if (kind === undefined) return placeOf('');
  return { kind, key: text.slice(kind.length + 1), lastUsedMs };
}

function itemOf(
  { kind, key, name, total, lastUsedMs }: DormantKey,
  pattern: DormantPattern | undefined,
  { zone }: Moment,
): DormantItem {
  const lastUsed = lastUsedMs === 0 ? null : formatInstant(lastUsedMs, zone);
  return { kind, key, name, lastUsed, total, pattern: pattern ?? null };
}
