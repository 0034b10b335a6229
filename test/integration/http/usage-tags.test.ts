import { beforeAll, describe, expect, it } from 'vitest';
import type { TestConfiguration } from '../../support/api.ts';
import { forEachOf } from './support/filter-model.ts';
import { type Answer, useInstance } from './support/instance.ts';

const instance = useInstance();
let configuration: TestConfiguration;
beforeAll(async () => {
  configuration = await instance().configuration();
});

/**
 * Texts with a special meaning in SQL, ClickHouse, URLs, HTML, spreadsheets or terminals. As tags, they must not have
 * this meaning.
 */
const hostile = [
  ...[
    "'",
    '"',
    '`',
    "''",
    '\\',
    "\\'",
    '\\\\',
    '\\n',
    '\\N',
    '\\x00',
    "'; DROP TABLE session_events; --",
    "x' OR 1=1 --",
  ],
  ...[
    '{x:String}',
    '{tags: Array(String)}',
    '{tags:Array(String)}',
    '$' + '{x}',
    '{{x}}',
    '%(x)s',
    '?',
    '$1',
    ':x',
    '@x',
    '/*',
    '--',
  ],
  ...[
    '%41',
    '%2F',
    '%',
    '%%',
    '+',
    ' ',
    '  a  ',
    'a+b',
    'a b',
    'a/b',
    '/',
    'a?b=c',
    '#',
    '&tag=x',
    '=',
    ';',
    ',',
    'a,b',
  ],
  ...[
    'null',
    'NULL',
    'undefined',
    'NaN',
    '0',
    'true',
    '[]',
    '{}',
    '__proto__',
    'constructor',
    '*',
    '.',
    '..',
    '-',
  ],
  ...[
    '\u{1f600}',
    '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
    '\u{1f1e9}\u{1f1ea}',
    'עברית',
    'שלום/a',
    '\u202eabc',
    '\u200f',
  ],
  ...['\u00a0', '\u2028', '\ufeff', '\u200d', 'é', '日本語', '\u{10ffff}', '=SUM(A1)', '@a', '<b>"&amp;'],
  ...['a'.repeat(128), '\u{1f600}'.repeat(128), '日'.repeat(128), '%'.repeat(128)],
];

const itemsOf = ({ body }: Answer) => body['items'] as { tag: string | null; total: number }[];

describe('tags with special characters of SQL, URLs or HTML', () => {
  beforeAll(async () => {
    await forEachOf(hostile, async (tag) => {
      await instance().session(configuration, { sub: 'a', trc: [tag, 'common-tag'] });
    });
    await instance().settled();
  });

  it('are listed unchanged', async () => {
    const answer = await instance().get('/api/v1/usage/tags?limit=500');
    const [first, ...hostileItems] = itemsOf(answer);
    expect(first).toMatchObject({ tag: 'common-tag', total: hostile.length });
    expect(hostileItems.map(({ tag }) => tag).toSorted()).toEqual(hostile.toSorted());
    expect(hostileItems.every(({ total }) => total === 1)).toBe(true);
    expect(answer.body['distinctSessions']).toBe(hostile.length);
  });

  it('are found by a query parameter together with another tag', async () => {
    await forEachOf(hostile, async (tag) => {
      const query = new URLSearchParams([
        ['tag', tag],
        ['tag', 'common-tag'],
        ['match', 'all'],
      ]);
      const { body } = await instance().get(`/api/v1/usage/summary?${query}`);
      expect([tag, body['total']]).toEqual([tag, 1]);
    });
  });

  it('are found by the path /usage/tags/{tag}', async () => {
    // Characters with a meaning in paths. `.` and `..` are omitted, because URL parsers resolve them as path
    // segments.
    const special = hostile.filter((tag) => /[%/?#&+;=\\" ]|^.{128}$/u.test(tag));
    expect(special.length).toBeGreaterThan(25);
    await forEachOf(special, async (tag) => {
      const { status, body } = await instance().get(`/api/v1/usage/tags/${encodeURIComponent(tag)}`);
      expect([status, body['tag'], body['total']]).toEqual([200, tag, 1]);
    });
  });

  it('are found in any Unicode normalisation form', async () => {
    const nfd = 'é'.normalize('NFD');
    expect((await instance().get(`/api/v1/usage/tags/${encodeURIComponent(nfd)}`)).body).toMatchObject({
      tag: 'é',
      total: 1,
    });
    expect((await instance().get(`/api/v1/usage/summary?tag=${encodeURIComponent(nfd)}`)).body['total']).toBe(
      1,
    );
  });

  it('do not match any session if they contain control characters', async () => {
    for (const tag of ['%00', '%0A', 'a%09b', '%7F']) {
      expect((await instance().get(`/api/v1/usage/summary?tag=${tag}`)).body).toMatchObject({
        total: 0,
        lastUsed: null,
      });
    }
  });
});

describe('pages of tags', () => {
  const query = () => `configurationId=${paged.id}`;
  let paged: TestConfiguration;
  const tags = Array.from(
    { length: 60 },
    (_, index) => `page-${String((index * 7919) % 100).padStart(2, '0')}-${index}`,
  );

  beforeAll(async () => {
    paged = await instance().configuration('Paged');
    for (const trc of [tags, tags.slice(0, 20), tags.slice(0, 5), [], tags.slice(50)]) {
      await instance().session(paged, { sub: 'a', trc });
    }
    await instance().settled();
  });

  async function allPages(limit: number): Promise<unknown[]> {
    const items: unknown[] = [];
    let cursor = '';
    do {
      const page = await instance().get(`/api/v1/usage/tags?limit=${limit}&${query()}${cursor}`);
      expect(itemsOf(page).length).toBeLessThanOrEqual(limit);
      items.push(...itemsOf(page));
      const next = page.body['nextCursor'];
      cursor = next === null ? '' : `&cursor=${next}`;
    } while (cursor !== '');
    return items;
  }

  it('together contain each tag once, sorted by total and then by name', async () => {
    const fullList = itemsOf(await instance().get(`/api/v1/usage/tags?limit=500&${query()}`));
    expect(fullList).toHaveLength(61);
    const names = fullList.map(({ tag, total }) => `${String(1000 - total).padStart(4, '0')} ${tag ?? ''}`);
    expect(names).toEqual(names.toSorted());
    for (const limit of [7, 60, 61]) expect(await allPages(limit)).toEqual(fullList);
  });

  it('have 50 items by default', async () => {
    const page = await instance().get(`/api/v1/usage/tags?${query()}`);
    expect(itemsOf(page)).toHaveLength(50);
    expect(page.body['nextCursor']).toEqual(expect.any(String));
    expect(page.body['distinctSessions']).toBe(5);
  });
});

describe('completeThrough', () => {
  const current = ['summary', 'configurations', 'tags', 'tags/x', 'series', 'heatmap', 'sessions'];
  const past = 'from=2020-01-01&to=2020-02-01';
  it.each([
    ...current.map((path) => ({ path, provisional: true })),
    ...['configurations', 'tags', 'series', 'heatmap', 'sessions'].map((path) => ({
      path: `${path}?${past}`,
      provisional: false,
    })),
    { path: 'series?range=thisMonth', provisional: true },
  ])('comes with its lag and a provisional flag: $path', async ({ path, provisional }) => {
    const { body } = await instance().get(`/api/v1/usage/${path}`);
    const lagMs = Number(body['lagMs']);
    expect([body['provisional'], lagMs >= 0]).toEqual([provisional, true]);
    expect(Date.parse(String(body['completeThrough']))).toBeLessThanOrEqual(Date.now() - lagMs);
  });

  it('covers only counted sessions, never decreases, and soon passes every accepted session', async () => {
    const fresh = await instance().configuration('Fresh');
    const acceptedBefore: number[] = [];
    let latest = 0;
    const checkSummary = async () => {
      const { body } = await instance().get(`/api/v1/usage/summary?configurationId=${fresh.id}`);
      const throughMs = Date.parse(String(body['completeThrough']));
      expect(throughMs).toBeGreaterThanOrEqual(latest);
      expect(throughMs).toBeLessThanOrEqual(Date.now());
      latest = throughMs;
      const promised = acceptedBefore.filter((ms) => ms < throughMs).length;
      expect(Number(body['total'])).toBeGreaterThanOrEqual(promised);
    };
    for (let round = 0; round < 15; round += 1) {
      await instance().session(fresh);
      acceptedBefore.push(Date.now());
      await checkSummary();
    }
    await expect
      .poll(async () => checkSummary().then(() => latest), { timeout: 3000 })
      .toBeGreaterThan(acceptedBefore.at(-1) ?? 0);
    expect((await instance().get(`/api/v1/usage/summary?configurationId=${fresh.id}`)).body['total']).toBe(
      15,
    );
  });
});
