import { beforeAll, describe, expect, it } from 'vitest';
import type { TestConfiguration } from '../../support/api.ts';
import { type CountedSession, combine, countMatching, forEachOf, queryOf } from './support/filter-model.ts';
import { type Answer, useInstance } from './support/instance.ts';

const instance = useInstance();
const base = '/api/v1/web-access-tokens/configurations';

/** The exchanged sessions, in order. Every response is compared with them. */
const sessions: CountedSession[] = [];
const created: Record<string, TestConfiguration> = {};
let startedMs: number;
let endedMs: number;

beforeAll(async () => {
  for (const name of ['Alpha', 'Beta', 'Unused', 'Deleted', 'Deleted and unused']) {
    created[name] = await instance().configuration(name);
  }
  startedMs = Date.now();
  await exchangeAll('Alpha', [['x'], ['x'], ['x'], ['y', 'x'], ['x', 'y'], []]);
  await exchangeAll('Beta', [['y'], ['x', 'y', 'z']]);
  await exchangeAll('Deleted', [[], []]);
  endedMs = Date.now();
  for (const name of ['Deleted', 'Deleted and unused'])
    await instance().call('DELETE', `${base}/${idOf(name)}`);
  await instance().settled();
});

async function exchangeAll(configuration: string, tagSets: string[][]): Promise<void> {
  for (const tags of tagSets) {
    await instance().session(created[configuration] as TestConfiguration, {
      sub: 'alice',
      ...(tags.length > 0 && { trc: tags }),
    });
    sessions.push({ configuration, tags });
  }
}

const idOf = (name: string) => created[name]?.id ?? 'unknown';

/**
 * Expects these counts in a response. `today` equals the total, unless midnight (UTC) has passed since the sessions
 * started.
 */
function expectCounts(body: Record<string, unknown>, total: number, dayStart: unknown): void {
  expect(body['total']).toBe(total);
  const isToday = Date.parse(String(dayStart)) <= startedMs;
  if (isToday) expect(body['today']).toBe(total);
  if (total === 0) expect(body['lastUsed']).toBeNull();
  else {
    expect(body['lastUsed']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/);
    expect(Date.parse(String(body['lastUsed']))).toBeGreaterThanOrEqual(startedMs);
    expect(Date.parse(String(body['lastUsed']))).toBeLessThanOrEqual(endedMs);
  }
}

const itemsOf = ({ body }: Answer) => body['items'] as Record<string, unknown>[];

describe('the usage summary', () => {
  it('counts every session once, and returns the time zone, the start of today and the completeness of the counts', async () => {
    const { status, headers, body } = await instance().get('/api/v1/usage/summary');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(Object.keys(body)).toEqual([
      'timeZone',
      'dayStart',
      'completeThrough',
      'provisional',
      'lagMs',
      'lastUsed',
      'today',
      'total',
    ]);
    expect(body['timeZone']).toBe('UTC');
    expect(body['dayStart']).toMatch(/T00:00:00\.000\+00:00$/);
    expect(body['completeThrough']).toMatch(/Z$/);
    expectCounts(body, sessions.length, body['dayStart']);
  });

  it('combines filters as documented, and returns zero if no session matches', async () => {
    const filters = combine(
      [[], ['x'], ['unknown'], ['x', 'y'], ['y', 'z'], ['x', 'unknown']],
      [[], ['Alpha'], ['Beta', 'Deleted', 'unknown']],
    );
    const counts = new Set<number>();
    await forEachOf(filters, async (filter) => {
      const query = queryOf(filter, idOf);
      const { body } = await instance().get(`/api/v1/usage/summary?${query}`);
      const expected = countMatching(sessions, filter);
      expect([query, body['total']]).toEqual([query, expected]);
      counts.add(expected);
    });
    expect(counts.size).toBeGreaterThan(6);
  });

  it('ignores untagged=false', async () => {
    const { body } = await instance().get('/api/v1/usage/summary?untagged=false');
    expect(body['total']).toBe(sessions.length);
  });
});

describe('usage by configuration', () => {
  it('is sorted by total and then by name, and keeps deleted configurations that were used', async () => {
    const answer = await instance().get('/api/v1/usage/configurations');
    expect(Object.keys(answer.body)).toEqual([
      'timeZone',
      'dayStart',
      'completeThrough',
      'provisional',
      'lagMs',
      'items',
      'nextCursor',
    ]);
    expect(itemsOf(answer).map(({ name, total }) => [name, total])).toEqual([
      ...[
        ['Alpha', 6],
        ['Beta', 2],
        ['Deleted', 2],
        ['Unused', 0],
      ],
    ]);
    for (const item of itemsOf(answer)) {
      expect(Object.keys(item)).toEqual([
        'configurationId',
        'name',
        'deletedAt',
        'lastUsed',
        'today',
        'total',
      ]);
      expect(item['configurationId']).toBe(idOf(String(item['name'])));
      expectCounts(item, Number(item['total']), answer.body['dayStart']);
      if (item['name'] === 'Deleted')
        expect(Date.parse(String(item['deletedAt']))).toBeGreaterThanOrEqual(startedMs);
      else expect(item['deletedAt']).toBeNull();
    }
    expect(answer.body['nextCursor']).toBeNull();
  });

  it('applies filters, and lists requested configurations even without sessions', async () => {
    const listed = async (query: string) =>
      itemsOf(await instance().get(`/api/v1/usage/configurations?${query}`)).map(
        ({ name, total }) => `${name} ${total}`,
      );
    expect(await listed('tag=y')).toEqual(['Alpha 2', 'Beta 2']);
    expect(await listed('tag=unknown')).toEqual([]);
    expect(await listed('untagged=true')).toEqual(['Deleted 2', 'Alpha 1']);
    expect(await listed(`configurationId=${idOf('Unused')}&configurationId=${idOf('Beta')}`)).toEqual([
      'Beta 2',
      'Unused 0',
    ]);
    expect(await listed(`configurationId=${idOf('Deleted and unused')}`)).toEqual(['Deleted and unused 0']);
    expect(await listed('configurationId=unknown')).toEqual([]);
  });
});

describe('usage by tag', () => {
  it('counts a session once for each of its tags, under null if it has no tags, and once in distinctSessions', async () => {
    const answer = await instance().get('/api/v1/usage/tags');
    expect(itemsOf(answer).map(({ tag, total }) => [tag, total])).toEqual([
      ...[
        ['x', 6],
        ['y', 4],
        [null, 3],
        ['z', 1],
      ],
    ]);
    expect(answer.body['distinctSessions']).toBe(sessions.length);
    for (const item of itemsOf(answer)) {
      expect(Object.keys(item)).toEqual(['tag', 'lastUsed', 'today', 'total']);
      expectCounts(item, Number(item['total']), answer.body['dayStart']);
    }
  });

  it('lists all tags of the sessions that match the filters', async () => {
    const answer = await instance().get(`/api/v1/usage/tags?tag=z&tag=y&match=all`);
    expect(itemsOf(answer).map(({ tag, total }) => [tag, total])).toEqual([
      ['x', 1],
      ['y', 1],
      ['z', 1],
    ]);
    expect(answer.body['distinctSessions']).toBe(1);
  });

  it('is one object for a single tag, with zeros for an unused tag', async () => {
    const used = await instance().get(`/api/v1/usage/tags/y?configurationId=${idOf('Beta')}`);
    expect(Object.keys(used.body)).toEqual([
      ...[
        'tag',
        'timeZone',
        'dayStart',
        'completeThrough',
        'provisional',
        'lagMs',
        'lastUsed',
        'today',
        'total',
      ],
    ]);
    expectCounts(used.body, 2, used.body['dayStart']);
    const unused = await instance().get('/api/v1/usage/tags/unknown');
    expect(unused.body).toMatchObject({ tag: 'unknown', lastUsed: null, today: 0, total: 0 });
  });
});

describe('the usage of a single configuration', () => {
  it('contains the name and the counts, with null and zeros for an unused configuration', async () => {
    const used = await instance().get(`${base}/${idOf('Beta')}/usage`);
    expect(Object.keys(used.body)).toEqual([
      ...['configurationId', 'name', 'timeZone', 'dayStart', 'completeThrough', 'provisional', 'lagMs'],
      ...['lastUsed', 'today', 'total'],
    ]);
    expect(used.body).toMatchObject({ configurationId: idOf('Beta'), name: 'Beta' });
    expectCounts(used.body, 2, used.body['dayStart']);
    const unused = await instance().get(`${base}/${idOf('Unused')}/usage?timeZone=Asia/Kathmandu`);
    expect(unused.body).toMatchObject({ lastUsed: null, today: 0, total: 0, timeZone: 'Asia/Kathmandu' });
    expect((await instance().get(`${base}/unknown/usage`)).body).toMatchObject({
      status: 404,
      code: 'configuration_not_found',
    });
  });
});
