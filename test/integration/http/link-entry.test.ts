import { beforeAll, describe, expect, it, vi } from 'vitest';
import { mint, type TestConfiguration } from '../../support/api.ts';
import { useInstance } from './support/instance.ts';
import { browserHeaders, countSessions, visit } from './support/links.ts';

const target = 'https://app.example';
const instance = useInstance({ LINK_TARGET_URL: target, LINK_CHECK_RESOURCES: 'true' });
const confirming = useInstance({ LINK_TARGET_URL: target, LINK_CONFIRM: 'always', LINK_BOTS: 'open' });
const slack = 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)';
const form = { ...browserHeaders, 'content-type': 'application/x-www-form-urlencoded' };

let configuration: TestConfiguration;
let token: string;
beforeAll(async () => {
  configuration = await instance().configuration('Links');
  token = await mint(configuration, { sub: 'alice', grants: { res: ['dashboards/42'] } });
  await instance().session(configuration);
});

const open = (path: string, headers: Record<string, string> = browserHeaders) =>
  visit(instance().url, path, { headers });
const submit = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  visit(instance().url, '/wat/dashboards/42?a=1', {
    method: 'POST',
    headers: { ...form, ...headers },
    body: new URLSearchParams(fields).toString(),
  });
const cookieOf = (answer: { headers: Headers }) =>
  answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .find((cookie) => cookie?.startsWith('wat_session=')) ?? '';
const viewerOf = async (cookie: string) => {
  const { status, headers } = await open('/api/v1/wat/session', { cookie });
  return status === 204 ? headers.get('x-wat-subject') : status;
};

/** Runs `work` and returns the number of sessions that `work` added to the count. */
async function countedBy(work: () => Promise<unknown>): Promise<number> {
  const before = await countSessions(instance());
  await work();
  await instance().session(configuration);
  return (await countSessions(instance())) - before - 1;
}

async function refusalsOf(reason: string): Promise<number> {
  const { body } = await instance().get('/api/v1/refusals');
  const items = body['items'] as { reason: string; configurationId: string; refusals: number }[];
  return (
    items.find((item) => item.reason === reason && item.configurationId === configuration.id)?.refusals ?? 0
  );
}

describe('a request for a link', () => {
  it('from an image, a script or fetch is rejected and not counted', async () => {
    const sessions = await countedBy(async () => {
      for (const destination of ['image', 'empty', 'script', 'style', 'object', 'embed', 'worker', 'video'])
        for (const answer of [
          await open(`/wat/${token}/dashboards/42`, { 'sec-fetch-dest': destination }),
          await submit({ wat: token }, { accept: '*/*', 'sec-fetch-dest': destination }),
        ])
          expect([answer.status, answer.body['code']]).toEqual([403, 'not_a_page_load']);
      const { text } = await open(`/wat/${token}/a`, { ...browserHeaders, 'sec-fetch-dest': 'image' });
      expect(text).toContain('This link was not opened');
    });
    expect(sessions).toBe(0);
  });

  it('is rejected if a browser sends no Fetch Metadata and does not accept HTML, as for an image, a script or fetch', async () => {
    const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36';
    const image = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';
    const statuses = async (userAgent: string, accepts: readonly string[], referer?: string) =>
      Promise.all(
        accepts.map(async (accept) => {
          const headers = { 'user-agent': userAgent, accept, ...(referer !== undefined && { referer }) };
          return (await open(`/wat/${token}/dashboards/42`, headers)).status;
        }),
      );
    expect(await statuses(browser, [image, 'text/css,*/*;q=0.1'])).toEqual([403, 403]);
    // A script and fetch accept everything, but the browser sends the page as Referer.
    expect(await statuses(browser, ['*/*'], 'http://app.example/page')).toEqual([403]);
    expect(await statuses(browser, ['*/*'])).toEqual([303]);
    expect(await statuses(browser, [browserHeaders.accept], 'http://app.example/page')).toEqual([303]);
    expect(await statuses(browser, [browserHeaders.accept])).toEqual([303]);
    expect(await statuses('curl/8.5.0', ['*/*'])).toEqual([303]);
  });

  it('from a page or a frame opens the link', async () => {
    for (const destination of ['document', 'iframe', 'frame'])
      expect((await open(`/wat/${token}/dashboards/42`, { 'sec-fetch-dest': destination })).status).toBe(303);
  });

  it('from a self-declared bot returns a neutral page, and is counted as a refusal', async () => {
    const sessions = await countedBy(async () => {
      for (const link of [`/wat/${token}/dashboards/42`, `/wat/${token}`]) {
        const { status, headers, text } = await open(link, { 'user-agent': slack, accept: '*/*' });
        expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
        expect(headers.getSetCookie()).toEqual([]);
        expect(text).toContain('noindex');
        expect(text).not.toMatch(/alice|dashboards|Links/);
      }
      expect((await open('/wat/no-token/a', { 'user-agent': slack })).status).toBe(200);
    });
    expect(sessions).toBe(0);
    await vi.waitFor(async () => expect(await refusalsOf('bot')).toBe(2), { timeout: 10_000 });
  });

  it('from a frame in a page of another site is rejected, because the browser would drop the cookie', async () => {
    const frame = { ...browserHeaders, 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' };
    const sessions = await countedBy(async () => {
      const { status, text } = await open(`/wat/${token}/dashboards/42`, frame);
      expect([status, text.includes('cannot be shown here')]).toEqual([403, true]);
      const { body } = await open(`/wat/${token}/dashboards/42`, { ...frame, accept: '*/*' });
      expect(body['code']).toBe('cross_site_frame');
      const sameSite = { ...frame, 'sec-fetch-site': 'same-site' };
      expect((await open(`/wat/${token}/dashboards/42`, sameSite)).status).toBe(303);
    });
    expect(sessions).toBe(1);
    await vi.waitFor(async () => expect(await refusalsOf('cross-site-frame')).toBe(2), { timeout: 10_000 });
  });

  it('for a path that its token does not grant is rejected and not counted if LINK_CHECK_RESOURCES is set', async () => {
    const none = await mint(configuration, { sub: 'bob', grants: { res: [] } });
    const all = await mint(configuration, { sub: 'bob' });
    const links = {
      [`/wat/${token}/dashboards/42`]: 303,
      [`/wat/${token}/dashboards/42/?x=1`]: 303,
      [`/wat/${token}/dashboards/%34%32/widgets/1`]: 303,
      [`/wat/${token}`]: 303,
      [`/wat/${token}/dashboards/421`]: 403,
      [`/wat/${token}/dashboards/4`]: 403,
      [`/wat/${none}`]: 403,
      [`/wat/${none}/dashboards/42`]: 403,
      [`/wat/${all}/anything`]: 303,
    };
    const sessions = await countedBy(async () => {
      for (const [link, expected] of Object.entries(links))
        expect([link, (await open(link, { accept: '*/*' })).status]).toEqual([link, expected]);
    });
    expect(sessions).toBe(5);
  });
});

describe('two links in one browser', () => {
  it('of different viewers are never mixed: the second one needs a confirmation, and then ends the first session', async () => {
    const bob = await mint(configuration, { sub: 'bob', grants: { res: ['dashboards/42'] } });
    let cookie = '';
    const sessions = await countedBy(async () => {
      cookie = cookieOf(await open(`/wat/${token}/dashboards/42`));
      const { status, headers, text } = await open(`/wat/${bob}/dashboards/42?a=1`, {
        ...browserHeaders,
        cookie,
      });
      expect([status, headers.getSetCookie()]).toEqual([200, []]);
      expect(text).toContain('Another link is open in this browser');
      expect(text).toContain('action="/wat/dashboards/42?a=1"');
      expect(headers.get('content-security-policy')).toContain(`form-action 'self' ${target}`);
    });
    expect([sessions, await viewerOf(cookie)]).toEqual([1, 'alice']);

    const unconfirmed = await submit({ wat: bob }, { cookie });
    expect([unconfirmed.status, cookieOf(unconfirmed)]).toEqual([200, '']);
    const confirmed = await countedBy(async () => {
      const answer = await submit({ wat: bob, confirm: 'yes' }, { cookie });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, `${target}/dashboards/42?a=1`]);
      expect(await viewerOf(cookieOf(answer))).toBe('bob');
      expect(await viewerOf(cookie)).toBe(401);
    });
    expect(confirmed).toBe(1);
  });

  it('need a confirmation if their configurations differ, but not if viewer and configuration are the same', async () => {
    const cookie = cookieOf(await open(`/wat/${token}/dashboards/42`));
    const again = await open(`/wat/${token}/dashboards/42`, { ...browserHeaders, cookie });
    expect([again.status, await viewerOf(cookie)]).toEqual([303, 'alice']);
    const other = await mint(await instance().configuration(), { sub: 'alice' });
    expect((await open(`/wat/${other}/a`, { ...browserHeaders, cookie })).status).toBe(200);
  });

  it('need no confirmation if the first session has ended', async () => {
    const cookie = cookieOf(await open(`/wat/${token}/dashboards/42`));
    const bob = await mint(configuration, { sub: 'bob' });
    await visit(instance().url, '/api/v1/wat/session', { method: 'DELETE', headers: { cookie } });
    expect((await open(`/wat/${bob}/a`, { ...browserHeaders, cookie })).status).toBe(303);
  });
});

describe('DELETE /api/v1/wat/session', () => {
  const remove = (headers: Record<string, string>, path = '/api/v1/wat/session') =>
    visit(instance().url, path, { method: 'DELETE', headers });

  it('ends the session and removes the cookie', async () => {
    const cookie = cookieOf(await open(`/wat/${token}/dashboards/42`));
    const { status, headers } = await remove({ cookie });
    expect([status, headers.getSetCookie()]).toEqual([
      204,
      [expect.stringMatching(/^wat_session=; Max-Age=0/)],
    ]);
    expect(await viewerOf(cookie)).toBe(401);
    expect((await remove({ cookie })).status).toBe(204);
  });

  it('ends the session whose token is in the headers, and no other session of the viewer', async () => {
    const [first, second] = [
      await instance().session(configuration),
      await instance().session(configuration),
    ];
    const headersOf = ({ body }: typeof first) => ({
      authorization: String(body['webSessionToken']),
      initialiser: String(body['initialiser']),
    });
    expect((await remove(headersOf(first))).status).toBe(204);
    expect((await instance().get('/api/v1/wat/session', headersOf(first))).status).toBe(401);
    expect((await instance().get('/api/v1/wat/session', headersOf(second))).status).toBe(204);
  });

  it('with a query or x-wat-answer is the forward-auth call of a proxy, and ends no session', async () => {
    const cookie = cookieOf(await open(`/wat/${token}/dashboards/42`));
    expect((await remove({ cookie, 'x-wat-answer': '200' })).status).toBe(200);
    expect((await remove({ cookie }, '/api/v1/wat/session?count=navigations&path=/x')).status).toBe(204);
    expect(await viewerOf(cookie)).toBe('alice');
  });
});

describe('LINK_CONFIRM=always', () => {
  it('shows a page with a button, which opens the link', async () => {
    const own = await confirming().configuration();
    const link = await mint(own, { sub: 'alice' });
    const shown = await visit(confirming().url, `/wat/${link}/a?b=1`, {
      headers: { ...browserHeaders, 'user-agent': slack },
    });
    expect([shown.status, shown.headers.getSetCookie()]).toEqual([200, []]);
    expect(shown.text).toContain('<form method="post" action="/wat/a?b=1">');
    const headers = { ...form, 'user-agent': slack };
    const body = new URLSearchParams({ wat: link }).toString();
    const opened = await visit(confirming().url, '/wat/a?b=1', { method: 'POST', headers, body });
    expect([opened.status, opened.headers.get('location')]).toEqual([303, `${target}/a?b=1`]);
    expect(await countSessions(confirming())).toBe(1);
  });
});

describe('forward-auth with count=navigations', () => {
  it.each([
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
    { 'x-moz': 'prefetch' },
  ])(
    'rejects the prefetch of a page, because the browser would later show the page without a counted request: %j',
    async (purpose) => {
      const cookie = cookieOf(await open(`/wat/${token}/dashboards/42`));
      const headers = { cookie, 'sec-fetch-mode': 'navigate', ...(purpose as Record<string, string>) };
      const counted = await open('/api/v1/wat/session?count=navigations', headers);
      expect([counted.status, counted.body['code']]).toEqual([403, 'prefetch_refused']);
      expect((await open('/api/v1/wat/session', headers)).status).toBe(204);
    },
  );

  it('counts a refresh on plain http, where browsers send no Sec-Fetch header', async () => {
    const sessions = await countedBy(async () => {
      const cookie = cookieOf(
        await open(`/wat/${token}/dashboards/42`, { ...browserHeaders, host: 'bi.intranet' }),
      );
      const headers = { ...browserHeaders, host: 'bi.intranet', cookie };
      for (let load = 0; load < 3; load += 1)
        expect((await open('/api/v1/wat/session?count=navigations', headers)).status).toBe(204);
      const image = { ...headers, accept: 'image/webp,*/*' };
      expect((await open('/api/v1/wat/session?count=navigations', image)).status).toBe(204);
    });
    // The first page load belongs to the link.
    expect(sessions).toBe(3);
  });
});
