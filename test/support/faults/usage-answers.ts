import { DateTime } from 'luxon';
import { call } from '../api.ts';
import type { TestToken } from './exchange-log.ts';
import { groupBy } from './group.ts';
import type { StoredRow } from './store-reader.ts';

/** A usage API response that is compared with the rows after the process has stopped. */
export interface UsageAnswer {
  readonly question: Question;
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /**
   * The start of the current day in the time zone, computed before and after the call. One of the two is correct, even
   * if the call ran across midnight.
   */
  readonly dayStarts: readonly string[];
}

interface Filter {
  readonly configurationIds: readonly string[];
  readonly tags: readonly string[];
  readonly match: 'any' | 'all';
  readonly untagged: boolean;
}

interface Question {
  readonly path: string;
  readonly shape: 'counts' | 'configurations' | 'tags';
  readonly filter: Filter;
  readonly timeZone: string;
}

/** Time zones with UTC offsets of 0, 5:45 and -3:30 hours, so that days start at different quarter hours. */
const allZones = ['UTC', 'Asia/Kathmandu', 'America/St_Johns'] as const;
const everything: Filter = { configurationIds: [], tags: [], match: 'any', untagged: false };
const callsAtOnce = 3;

/** Calls every usage endpoint with all kinds of filters for these tokens. */
export async function askUsage(
  url: string,
  tokens: readonly TestToken[],
  zones: readonly string[] = allZones,
): Promise<UsageAnswer[]> {
  const questions = zones.flatMap((timeZone) => questionsAbout(tokens, timeZone));
  const answers: UsageAnswer[] = [];
  const ask = async () => {
    for (let question = questions.shift(); question !== undefined; question = questions.shift())
      answers.push(await askOne(url, question));
  };
  await Promise.all(Array.from({ length: callsAtOnce }, ask));
  return answers;
}

async function askOne(url: string, question: Question): Promise<UsageAnswer> {
  const before = dayStart(question.timeZone);
  const { status, body } = await call(url, 'GET', `${question.path}?${queryOf(question)}`);
  return { question, status, body, dayStarts: [before, dayStart(question.timeZone)] };
}

function dayStart(timeZone: string): string {
  return DateTime.now().setZone(timeZone).startOf('day').toUTC().toISO() ?? '';
}

function queryOf({ shape, filter, timeZone, path }: Question): string {
  const query = new URLSearchParams({ timeZone });
  if (path.endsWith('/usage') || path.includes('/tags/')) return query.toString();
  for (const id of filter.configurationIds) query.append('configurationId', id);
  for (const tag of filter.tags) query.append('tag', tag);
  if (filter.tags.length > 0) query.append('match', filter.match);
  if (filter.untagged) query.append('untagged', 'true');
  if (shape !== 'counts') query.append('limit', '500');
  return query.toString();
}

function questionsAbout(tokens: readonly TestToken[], timeZone: string): Question[] {
  const configurationIds = [...new Set(tokens.map(({ configurationId }) => configurationId))];
  const tags = [...new Set(tokens.flatMap((token) => token.tags))];
  const about = (path: string, shape: Question['shape'], filter: Partial<Filter>): Question => ({
    path,
    shape,
    timeZone,
    filter: { ...everything, ...filter },
  });
  return [
    ...filtersOver(configurationIds, tags).flatMap((filter) => [
      about('/api/v1/usage/summary', 'counts', filter),
      about('/api/v1/usage/configurations', 'configurations', filter),
      about('/api/v1/usage/tags', 'tags', filter),
    ]),
    ...tags.map((tag) =>
      about(`/api/v1/usage/tags/${encodeURIComponent(tag)}`, 'counts', { tags: [tag], match: 'any' }),
    ),
    ...configurationIds.map((id) =>
      about(`/api/v1/web-access-tokens/configurations/${id}/usage`, 'counts', { configurationIds: [id] }),
    ),
  ];
}

function filtersOver(configurationIds: readonly string[], tags: readonly string[]): Partial<Filter>[] {
  const someTags = tags.slice(0, 2);
  return [
    {},
    { configurationIds: configurationIds.slice(0, 2) },
    { tags: someTags, match: 'any' },
    { tags: someTags, match: 'all' },
    { untagged: true },
    { configurationIds: configurationIds.slice(0, 1), tags: tags.slice(-2), match: 'any' },
    { tags: ['never used'] },
  ];
}

/** Compares the responses with the rows. Returns one line per difference, so an empty list means exact counts. */
export function compareUsage(
  answers: readonly UsageAnswer[],
  rows: readonly StoredRow[],
  tokens: readonly TestToken[],
): string[] {
  return answers.flatMap((answer) => {
    const { question, status, body, dayStarts } = answer;
    const where = `${question.path}?${queryOf(question)}`;
    if (status !== 200) return [`${where}: status ${status}`];
    const startMs = Date.parse(String(body['dayStart']));
    if (!dayStarts.some((start) => Date.parse(start) === startMs))
      return [`${where}: the day starts at ${body['dayStart']}`];
    const actual = JSON.stringify(observed(question, body));
    const wanted = JSON.stringify(expected(question, rows, tokens, startMs));
    return actual === wanted ? [] : [`${where}: answered ${actual}, but the rows give ${wanted}`];
  });
}

interface Counts {
  readonly lastUsedMs: number | null;
  readonly today: number;
  readonly total: number;
}

interface KeyedCounts extends Counts {
  readonly key: string | null;
}

interface Reading {
  readonly counts?: Counts;
  readonly distinctSessions?: number;
  readonly items?: readonly KeyedCounts[];
}

function observed({ shape }: Question, body: Readonly<Record<string, unknown>>): Reading {
  if (shape === 'counts') return { counts: countsIn(body) };
  const items = (body['items'] as Record<string, unknown>[]).map((item) => ({
    key: (shape === 'tags' ? item['tag'] : item['configurationId']) as string | null,
    ...countsIn(item),
  }));
  return shape === 'tags' ? { distinctSessions: Number(body['distinctSessions']), items } : { items };
}

function countsIn(item: Readonly<Record<string, unknown>>): Counts {
  const { lastUsed, today, total } = item;
  return {
    lastUsedMs: typeof lastUsed === 'string' ? Date.parse(lastUsed) : null,
    today: Number(today),
    total: Number(total),
  };
}

function expected(
  { shape, filter }: Question,
  rows: readonly StoredRow[],
  tokens: readonly TestToken[],
  startMs: number,
): Reading {
  const matching = rows.filter((row) => matches(filter, row));
  if (shape === 'counts') return { counts: countRows(matching, startMs) };
  if (shape === 'configurations') return { items: expectedConfigurations(filter, matching, tokens, startMs) };
  const pairs = matching.flatMap((row) =>
    (row.tags.length === 0 ? [null] : row.tags).map((tag) => ({ tag, row })),
  );
  const items = [...groupBy(pairs, ({ tag }) => tag)].map(([key, members]) => ({
    key,
    ...countRows(
      members.map(({ row }) => row),
      startMs,
    ),
  }));
  return { distinctSessions: matching.length, items: inOrder(items, (key) => key ?? '') };
}

/** Returns the expected configurations. Unused configurations are included unless the filter selects tags. */
function expectedConfigurations(
  filter: Filter,
  matching: readonly StoredRow[],
  tokens: readonly TestToken[],
  startMs: number,
): KeyedCounts[] {
  const nameOf = new Map(tokens.map((token) => [token.configurationId, token.configurationName]));
  const used = groupBy(matching, ({ configurationId }) => configurationId);
  const candidates = filter.tags.length > 0 || filter.untagged ? [] : [...nameOf.keys()];
  const listed = candidates.filter(
    (id) => filter.configurationIds.length === 0 || filter.configurationIds.includes(id),
  );
  const items = [...new Set([...used.keys(), ...listed])].map((key) => ({
    key,
    ...countRows(used.get(key) ?? [], startMs),
  }));
  return inOrder(items, (key) => nameOf.get(key ?? '') ?? '');
}

function inOrder(items: readonly KeyedCounts[], nameOf: (key: string | null) => string): KeyedCounts[] {
  return items.toSorted((left, right) => {
    if (left.total !== right.total) return right.total - left.total;
    return nameOf(left.key) < nameOf(right.key) ? -1 : 1;
  });
}

function countRows(rows: readonly StoredRow[], startMs: number): Counts {
  return {
    lastUsedMs: rows.length === 0 ? null : rows.reduce((last, { timeMs }) => Math.max(last, timeMs), 0),
    today: rows.filter(({ timeMs }) => timeMs >= startMs).length,
    total: rows.length,
  };
}

function matches({ configurationIds, tags, match, untagged }: Filter, row: StoredRow): boolean {
  if (configurationIds.length > 0 && !configurationIds.includes(row.configurationId)) return false;
  if (untagged && row.tags.length > 0) return false;
  if (tags.length === 0) return true;
  return match === 'all'
    ? tags.every((tag) => row.tags.includes(tag))
    : tags.some((tag) => row.tags.includes(tag));
}
