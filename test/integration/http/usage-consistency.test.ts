import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { call, type TestConfiguration } from '../../support/api.ts';
import { type AppProcess, startAppProcess } from '../../support/app-process.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';
import { type PastSession, writeHistory } from './support/history.ts';
import { useInstance } from './support/instance.ts';

describe('a usage response', () => {
  const instance = useInstance();

  it('has consistent counts while sessions are being counted', async () => {
    const configuration = await instance().configuration();
    const dayStart = String((await instance().get('/api/v1/usage/summary')).body['dayStart']);
    let isRunning = true;
    const load = async () => {
      while (isRunning) await instance().session(configuration, { sub: 'a', trc: ['in-every-session', 'x'] });
    };
    const totals = new Set<unknown>();
    const checkUsage = async () => {
      const window = `/api/v1/web-access-tokens/configurations/${configuration.id}/usage`;
      const { body } = await instance().get(window);
      // If midnight passes during the test, the count of today no longer equals the total.
      if (body['dayStart'] === dayStart) expect(body['today']).toBe(body['total']);
      if (Number(body['total']) > 0) expect(body['lastUsed']).not.toBeNull();
      totals.add(body['total']);
      const tags = (await instance().get(`/api/v1/usage/tags?configurationId=${configuration.id}`)).body;
      for (const item of tags['items'] as { total: number }[])
        expect(item.total).toBe(tags['distinctSessions']);
    };
    const loads = [load()];
    try {
      for (let round = 0; round < 100; round += 1) await checkUsage();
    } finally {
      isRunning = false;
      await Promise.all(loads);
    }
    expect(totals.size).toBeGreaterThan(10);
  }, 120_000);
});

describe('a usage list', () => {
  const directory = createTemporaryDirectory('lists');
  const past = Date.UTC(2026, 5, 1);
  const counts = { a: 3, b: 3, c: 2, d: 2, e: 1, f: 1 };
  const history: PastSession[] = Object.entries(counts).flatMap(([tag, count]) =>
    Array.from({ length: count }, (_, index) => ({
      timeMs: past + index,
      configurationId: 'past',
      tags: [tag],
    })),
  );
  let app: AppProcess;
  beforeAll(async () => {
    await writeHistory(directory.path, history);
    app = await startAppProcess({ dataDir: directory.path, env: { SINK_LINGER: '20ms' } });
    for (const name of ['One', 'Two', 'Three']) await newConfiguration(name);
    await waitForTotal(history.length);
  }, 60_000);
  afterAll(async () => {
    await app?.stop();
    directory.remove();
  });

  const get = async (path: string) => call(app.url, 'GET', path);
  const newConfiguration = async (name: string) =>
    (await call(app.url, 'POST', '/api/v1/web-access-tokens/configurations', { body: { name } }))
      .body as unknown as TestConfiguration;
  const waitForTotal = (total: number) =>
    vi.waitFor(async () => expect((await get('/api/v1/usage/summary')).body['total']).toBe(total), {
      timeout: 30_000,
      interval: 100,
    });

  type Item = { readonly tag?: string | null; readonly name?: string; readonly total: number };

  /** Reads all pages of a list, and calls `between` after the first page. */
  async function walk(path: string, between = async () => {}): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: unknown = null;
    do {
      const separator = path.includes('?') ? '&' : '?';
      const { status, body } = await get(cursor === null ? path : `${path}${separator}cursor=${cursor}`);
      expect([status, body['detail']]).toEqual([200, undefined]);
      items.push(...(body['items'] as Item[]));
      if (cursor === null) await between();
      cursor = body['nextCursor'];
    } while (cursor !== null);
    return items;
  }

  it.each([
    '/api/v1/usage/configurations',
    '/api/v1/usage/configurations?sort=name',
    '/api/v1/usage/configurations?sort=-lastUsed',
    '/api/v1/usage/configurations?sort=today',
    '/api/v1/usage/tags',
    '/api/v1/usage/tags?sort=name',
    '/api/v1/usage/tags?sort=-sessions&range=thisYear',
    '/api/v1/usage/tags?sort=-change&range=thisYear&compare=previous',
    '/api/v1/usage/dormant?days=1',
  ])('has the same items for every page size: %s', async (path) => {
    const fullList = await walk(path);
    const separator = path.includes('?') ? '&' : '?';
    for (const limit of [1, 2]) expect(await walk(`${path}${separator}limit=${limit}`)).toEqual(fullList);
    expect(fullList.length).toBeGreaterThanOrEqual(3);
  });

  it('contains each item once, with its count at the request for the first page, even if the ranking changes between pages', async () => {
    const configuration = await newConfiguration('Later');
    let more = 0;
    const between = async () => {
      for (let count = 0; count < 3; count += 1) {
        const body = {
          configurationId: configuration.id,
          publicKey: configuration.publicKey,
          payload: { sub: 'a', trc: ['e'] },
        };
        const { body: generated } = await call(app.url, 'POST', '/api/v1/web-access-tokens/generate', {
          body,
        });
        const exchange = { body: { webAccessToken: generated['token'] }, headers: {} };
        expect((await call(app.url, 'POST', '/api/v1/wat/sessionToken', exchange)).status).toBe(200);
        more += 1;
      }
      await waitForTotal(history.length + more);
    };
    const items = await walk('/api/v1/usage/tags?limit=2', between);
    expect(items.map(({ tag, total }) => [tag, total])).toEqual(Object.entries(counts));
    // A new list request sees the new ranking.
    expect((await walk('/api/v1/usage/tags?limit=2'))[0]).toMatchObject({ tag: 'e', total: 4 });
  }, 60_000);

  it('rejects the cursor of another request with 410', async () => {
    const { body } = await get('/api/v1/usage/tags?limit=1');
    const other = await get(`/api/v1/usage/tags?limit=1&sort=total&cursor=${body['nextCursor']}`);
    expect([other.status, other.body['code']]).toEqual([410, 'cursor_expired']);
    const same = await get(`/api/v1/usage/tags?limit=2&cursor=${body['nextCursor']}`);
    expect(same.status).toBe(200);
  });

  it('finds names by a case-insensitive prefix', async () => {
    const names = async (path: string) => (await walk(path)).map(({ tag, name }) => tag ?? name);
    expect(await names('/api/v1/usage/configurations?q=t&sort=name')).toEqual(['Three', 'Two']);
    expect(await names('/api/v1/usage/tags?q=A')).toEqual(['a']);
    expect(await names('/api/v1/usage/tags?q=%25')).toEqual([]);
  });

  it('counts sessions in the range and compares them with the previous range', async () => {
    const query = 'from=2026-06-01&to=2026-06-02&compare=previous&sort=-sessions';
    const { status, body } = await get(`/api/v1/usage/tags?${query}`);
    expect(status).toBe(200);
    expect((body['items'] as object[])[0]).toMatchObject({
      tag: 'a',
      sessions: 3,
      previousSessions: 0,
      change: 3,
    });
    expect(body).toMatchObject({
      from: '2026-06-01T00:00:00.000+00:00',
      compare: { with: 'previous', fair: 'weekday' },
    });
  });

  it.each([
    ['sort=-sessions', '/sort'],
    ['sort=-change&range=today', '/sort'],
    ['sort=-never', '/sort'],
    ['from=2026-01-01', '/to'],
  ])('rejects the query %s', async (query, path) => {
    for (const list of ['configurations', 'tags']) {
      const { status, body } = await get(`/api/v1/usage/${list}?${query}`);
      expect([status, body['errors']]).toEqual([400, [{ path, message: expect.any(String) }]]);
    }
  });
});
