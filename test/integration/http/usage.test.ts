import { beforeAll, describe, expect, it } from 'vitest';
import type { TestConfiguration } from '../../support/api.ts';
import { type CountedSession, combine, countMatching, forEachOf, queryOf } from './support/filter-model.ts';
import { type Answer, useInstance } from './support/instance.ts';

const instance = useInstance();
const base = '/api/v1/web-access-tokens/configurations';

/** What was exchanged, in order: the model that every answer is held against. */
const sessions: CountedSession[] = [];
const made: Record<string, TestConfiguration> = {};
let startedMs: number;
let endedMs: number;

beforeAll(async () => {
  for (const name of ['Alpha', 'Beta', 'Unused', 'Deleted', 'Deleted and unused']) {
    made[name] = await instance().configuration(name);
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
    await instance().session(made[configuration] as TestConfiguration, {
      sub: 'alice',
      ...(tags.length > 0 && { trc: tags }),
    });
    sessions.push({ configuration, tags });
  }
}

const idOf = (name: string) => made[name]?.id ?? 'unknown';

/** The counts of an answer: `today` is all of it, unless a midnight (UTC) lies between the sessions and now. */
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

describe('the summary', () => {
  it('counts every session once, and says what it covers', async () => {
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

  it('answers to filters as written: any within a list, all of the lists, zeros where nothing matches', async () => {
    const filters = combine(
      [[], ['x'], ['nobody'], ['x', 'y'], ['y', 'z'], ['x', 'nobody']],
      [[], ['Alpha'], ['Beta', 'Deleted', 'nobody']],
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

  it('takes untagged=false for no filter', async () => {
    const { body } = await instance().get('/api/v1/usage/summary?untagged=false');
    expect(body['total']).toBe(sessions.length);
  });
});

describe('usage by configuration', () => {
  it('is by total, then name; deleted ones stay with the time of it, where they were used', async () => {
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

  it('obeys filters, and lists what was asked for by id even without use', async () => {
    const listed = async (query: string) =>
      itemsOf(await instance().get(`/api/v1/usage/configurations?${query}`)).map(
        ({ name, total }) => `${name} ${total}`,
      );
    expect(await listed('tag=y')).toEqual(['Alpha 2', 'Beta 2']);
    expect(await listed('tag=nobody')).toEqual([]);
    expect(await listed('untagged=true')).toEqual(['Deleted 2', 'Alpha 1']);
    expect(await listed(`configurationId=${idOf('Unused')}&configurationId=${idOf('Beta')}`)).toEqual([
      'Beta 2',
      'Unused 0',
    ]);
    expect(await listed(`configurationId=${idOf('Deleted and unused')}`)).toEqual(['Deleted and unused 0']);
    expect(await listed('configurationId=nobody')).toEqual([]);
  });
});

describe('usage by tag', () => {
  it('counts a session once for each of its tags, null for those without, and distinct ones once', async () => {
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

  it('obeys filters: the sessions of one tag, with all the tags that they have', async () => {
    const answer = await instance().get(`/api/v1/usage/tags?tag=z&tag=y&match=all`);
    expect(itemsOf(answer).map(({ tag, total }) => [tag, total])).toEqual([
      ['x', 1],
      ['y', 1],
      ['z', 1],
    ]);
    expect(answer.body['distinctSessions']).toBe(1);
  });

  it('of one tag is an object, with zeros for one that never was', async () => {
    const one = await instance().get(`/api/v1/usage/tags/y?configurationId=${idOf('Beta')}`);
    expect(Object.keys(one.body)).toEqual([
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
    expectCounts(one.body, 2, one.body['dayStart']);
    const none = await instance().get('/api/v1/usage/tags/nobody');
    expect(none.body).toMatchObject({ tag: 'nobody', lastUsed: null, today: 0, total: 0 });
  });
});

describe('the usage statistics window of a configuration', () => {
  it('has its name and counts, nulls and zeros where it was never used', async () => {
    const used = await instance().get(`${base}/${idOf('Beta')}/usage`);
    expect(Object.keys(used.body)).toEqual([
      ...['configurationId', 'name', 'timeZone', 'dayStart', 'completeThrough', 'provisional', 'lagMs'],
      ...['lastUsed', 'today', 'total'],
    ]);
    expect(used.body).toMatchObject({ configurationId: idOf('Beta'), name: 'Beta' });
    expectCounts(used.body, 2, used.body['dayStart']);
    const unused = await instance().get(`${base}/${idOf('Unused')}/usage?timeZone=Asia/Kathmandu`);
    expect(unused.body).toMatchObject({ lastUsed: null, today: 0, total: 0, timeZone: 'Asia/Kathmandu' });
    expect((await instance().get(`${base}/nobody/usage`)).body).toMatchObject({
      status: 404,
      code: 'configuration_not_found',
    });
  });
});
