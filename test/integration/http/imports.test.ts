import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, createConfiguration, exchange, mint } from '../../support/api.ts';
import { type AppProcess, startAppProcess } from '../../support/app-process.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

const directory = createTemporaryDirectory('imports');
let app: AppProcess;
let configurationId: string;
beforeAll(async () => {
  app = await startAppProcess({ dataDir: directory.path, env: { SINK_LINGER: '20ms' } });
  configurationId = (await createConfiguration(app.url)).id;
}, 60_000);
afterAll(async () => {
  await app?.stop();
  directory.remove();
});

const digestOf = (letter: string) => letter.repeat(64);
const post = (digest: string, body: unknown) =>
  call(app.url, 'POST', `/api/v1/usage/imports/${digest}`, { body });
const state = async (digest: string) => (await call(app.url, 'GET', `/api/v1/usage/imports/${digest}`)).body;

/** Returns the rows with the numbers `first` to `last`. Consecutive rows are `hours` hours apart. */
const rows = (first: number, last: number, hours = 1) =>
  Array.from({ length: last - first + 1 }, (_, index) => ({
    time: new Date(Date.UTC(2025, 0, 1) + (first + index) * hours * 3_600_000).toISOString(),
    configurationId,
    tags: ['old', ...((first + index) % 2 === 0 ? ['even'] : [])],
    viewer: `viewer ${(first + index) % 3}`,
  }));

async function totalOf(tag: string): Promise<unknown> {
  return (await call(app.url, 'GET', `/api/v1/usage/tags/${tag}`)).body['total'];
}

describe('the import of a file', () => {
  it('stores each row once, however the rows are divided into requests and however often they are sent', async () => {
    const digest = digestOf('a');
    expect(await state(digest)).toMatchObject({ next: 1, stored: 0 });
    const sessions = rows(1, 300, 24);
    expect((await post(digest, { first: 1, sessions: sessions.slice(0, 100) })).body).toMatchObject({
      next: 101,
      stored: 100,
      alreadyStored: 0,
    });
    expect((await post(digest, { first: 51, sessions: sessions.slice(50, 250) })).body).toMatchObject({
      next: 251,
      stored: 150,
      alreadyStored: 50,
    });
    expect((await post(digest, { first: 1, sessions })).body).toMatchObject({ stored: 50, next: 301 });
    expect((await post(digest, { first: 1, sessions })).body).toMatchObject({ stored: 0, next: 301 });
    expect(await state(digest)).toMatchObject({ next: 301, stored: 300 });
    expect([await totalOf('old'), await totalOf('even')]).toEqual([300, 150]);
  });

  it('rejects rows that leave a gap after the stored rows, and returns the number of the next row', async () => {
    const digest = digestOf('b');
    await post(digest, { first: 1, sessions: rows(1, 5) });
    const { status, body } = await post(digest, { first: 7, sessions: rows(7, 8) });
    expect({ status, body }).toMatchObject({ status: 409, body: { code: 'import_gap', next: 6 } });
  });

  it('reports every invalid row, and stores no row of the request', async () => {
    const digest = digestOf('c');
    const [good] = rows(1, 1);
    const { status, body } = await post(digest, {
      first: 1,
      sessions: [
        good,
        { ...good, time: '2999-01-01T00:00:00Z' },
        { ...good, time: '2014-12-31T23:59:59Z' },
        { ...good, time: '2025-02-30T00:00:00Z' },
        { ...good, configurationId: 'unknown' },
      ],
    });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'import_invalid',
      errors: [
        { path: '/sessions/1/time', message: 'must not be in the future' },
        { path: '/sessions/2/time', message: 'must not be before 2015' },
        { path: '/sessions/3/time', message: expect.stringContaining('RFC 3339') },
        { path: '/sessions/4/configurationId', message: expect.stringContaining('token configuration') },
      ],
    });
    expect(await state(digest)).toMatchObject({ stored: 0 });
  });

  it('validates the rows of a request with dryRun, but does not store them', async () => {
    const digest = digestOf('d');
    expect(await post(digest, { first: 1, sessions: rows(1, 3), dryRun: true })).toMatchObject({
      status: 200,
    });
    expect(await state(digest)).toMatchObject({ next: 1, stored: 0 });
  });

  it.each([
    ['a tag with a control character', { tags: ['a\u0007'] }],
    ['an empty tag', { tags: [''] }],
    ['65 tags', { tags: Array.from({ length: 65 }, (_, index) => `t${index}`) }],
    ['an id that is not a UUID', { sessionId: 'abc' }],
    ['an unknown member', { sessions: 2 }],
  ])('rejects %s', async (_, members) => {
    const [good] = rows(1, 1);
    const { status } = await post(digestOf('e'), { first: 1, sessions: [{ ...good, ...members }] });
    expect(status).toBe(400);
  });

  it('marks only its own sessions and its own producer as imported', async () => {
    const token = await mint(await createConfiguration(app.url), { sub: 'alice', trc: ['live'] });
    expect((await exchange(app.url, token)).status).toBe(200);
    await expect.poll(() => totalOf('live'), { timeout: 20_000 }).toBe(1);
    const listed = async (tag: string) =>
      (await call(app.url, 'GET', `/api/v1/usage/sessions?range=all&limit=1&tag=${tag}`)).body['items'];
    expect(await listed('live')).toMatchObject([{ imported: false }]);
    expect(await listed('old')).toMatchObject([
      { imported: true, producer: expect.stringMatching(/^import-/) },
    ]);
    const { body } = await call(app.url, 'GET', '/api/v1/usage/explain?range=all');
    const { producers } = body['delivery'] as { producers: { producer: string; imported: boolean }[] };
    for (const { producer, imported } of producers) expect(imported).toBe(producer.startsWith('import-'));
  });

  it('stores tags in NFC, and stores the same pseudonym for equal viewers', async () => {
    const [good] = rows(1, 1);
    await post(digestOf('f'), {
      first: 1,
      sessions: [
        { ...good, tags: ['é', 'e\u0301'], viewer: 'bob' },
        { ...good, tags: ['é'], viewer: 'bob' },
      ],
    });
    expect(await totalOf(encodeURIComponent('é'))).toBe(2);
    const path = `/api/v1/usage/sessions?range=all&tag=${encodeURIComponent('é')}`;
    const items = (await call(app.url, 'GET', path)).body['items'] as { tags: string[]; viewer: string }[];
    expect(items.map(({ tags }) => tags)).toEqual([['é'], ['é']]);
    expect(new Set(items.map(({ viewer }) => viewer)).size).toBe(1);
  });

  it('leaves tables that pass the integrity check', async () => {
    const { body } = await call(app.url, 'GET', '/api/v1/usage/integrity');
    expect(body).toMatchObject({ exact: true });
  });
});
