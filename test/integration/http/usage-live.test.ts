import { describe, expect, it, vi } from 'vitest';
import { adminToken, startAppProcess } from '../../support/app-process.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';
import { addApiToken, addOrganisation, useInstance } from './support/instance.ts';

const instance = useInstance({ USAGE_LIVE_CLIENTS: '10' });
const admin = { authorization: `Bearer ${adminToken}` };

interface LiveEvent {
  readonly id: number;
  readonly data: {
    readonly through: string;
    readonly completeThrough: string;
    readonly provisional: boolean;
    readonly lagMs: number;
    readonly lastSecond: number;
    readonly lastMinute: number;
    readonly configurations: { configurationId: string; lastSecond: number; lastMinute: number }[];
  };
}

/** Opens a stream and collects its events. */
async function open(query: string, headers: Record<string, string> = admin, url = instance().url) {
  const abort = new AbortController();
  const response = await fetch(`${url}/api/v1/usage/live?${query}`, { headers, signal: abort.signal });
  const events: LiveEvent[] = [];
  const read = async () => {
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += new TextDecoder().decode(chunk);
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const members = new Map(
          block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]),
        );
        if (members.get('event') !== 'usage') continue;
        events.push({ id: Number(members.get('id')), data: JSON.parse(members.get('data') ?? '') });
      }
    }
  };
  const ended = read().catch(() => {});
  return { response, events, ended, close: () => abort.abort() };
}

const sumOf = (events: readonly LiveEvent[]) => events.reduce((sum, { data }) => sum + data.lastSecond, 0);

describe('the live usage endpoint', () => {
  it('counts each session in exactly one second, per configuration, and continues without a gap after a reconnect', async () => {
    const configuration = await instance().configuration('Live');
    const query = `configurationId=${configuration.id}`;
    const first = await open(query);
    expect(first.response.status).toBe(200);
    expect(first.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(first.response.headers.get('cache-control')).toBe('no-store');
    for (let round = 0; round < 3; round += 1) {
      await instance().session(configuration);
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    await vi.waitFor(() => expect(sumOf(first.events)).toBe(3), { timeout: 5000 });
    first.close();
    await instance().session(configuration);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const lastId = first.events.at(-1)?.id ?? 0;
    const second = await open(query, { ...admin, 'last-event-id': String(lastId) });
    await vi.waitFor(() => expect(sumOf(second.events)).toBe(1), { timeout: 5000 });
    second.close();
    const events = [...first.events, ...second.events];
    const ids = events.map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, index) => (ids[0] ?? 0) + index));
    for (const { id, data } of events) {
      expect(Date.parse(data.through)).toBe(id * 1000);
      expect(Date.parse(data.completeThrough)).toBeGreaterThanOrEqual(id * 1000);
      expect(data.provisional).toBe(false);
    }
    expect(events.at(-1)?.data).toMatchObject({
      lastMinute: 4,
      configurations: [{ configurationId: configuration.id, lastMinute: 4 }],
    });
  });

  it('counts only the sessions of the requesting organisation', async () => {
    const configuration = await instance().configuration('Of the default organisation');
    await instance().session(configuration);
    await instance().settled();
    const organisationId = await addOrganisation(instance());
    const visitor = await addApiToken(instance(), { scopes: ['usage:read'], organisationId });
    const own = await addApiToken(instance(), { scopes: ['usage:read'] });
    for (const [token, expected] of [
      [visitor, []],
      [own, [{ configurationId: configuration.id, lastSecond: expect.any(Number), lastMinute: 1 }]],
    ] as const) {
      const { events, close } = await open(`configurationId=${configuration.id}`, token.headers);
      await vi.waitFor(() => expect(events.at(-1)?.data.configurations).toEqual(expected), { timeout: 5000 });
      close();
    }
  });

  it('ends a stream after the requested number of seconds, and soon after the API token is revoked', async () => {
    const startedMs = performance.now();
    await (await open('seconds=1')).ended;
    expect(performance.now() - startedMs).toBeLessThan(3000);
    const { id, headers } = await addApiToken(instance(), { scopes: ['usage:read'] });
    const stream = await open('', headers);
    await vi.waitFor(() => expect(stream.events.length).toBeGreaterThan(0), { timeout: 3000 });
    await instance().call('POST', `/api/v1/api-tokens/${id}/revoke`);
    await stream.ended;
    expect((await fetch(`${instance().url}/api/v1/usage/live`, { headers })).status).toBe(401);
  });

  it('rejects further streams of an API token at its limit, until one of its streams ends', async () => {
    const { headers } = await addApiToken(instance(), { scopes: ['usage:read'] });
    const streams = [await open('', headers), await open('', headers)];
    const refused = await open('', headers);
    expect([refused.response.status, refused.response.headers.get('retry-after')]).toEqual([429, '10']);
    for (const { close } of streams) close();
    await vi.waitFor(async () => {
      const again = await open('', headers);
      again.close();
      expect(again.response.status).toBe(200);
    });
  });

  it('rejects the method HEAD, unknown parameters and values out of range', async () => {
    const path = '/api/v1/usage/live';
    const head = await fetch(`${instance().url}${path}`, { method: 'HEAD', headers: admin });
    expect(head.status).toBe(405);
    for (const query of ['seconds=0', 'seconds=3601', 'tag=x', 'timeZone=UTC'])
      expect((await instance().get(`${path}?${query}`)).status).toBe(400);
    const malformed = await open('seconds=1', { ...admin, 'last-event-id': "1'x" });
    expect(malformed.response.status).toBe(200);
    await malformed.ended;
    expect(malformed.events.length).toBeGreaterThan(0);
  });

  it('does not delay shutdown', async () => {
    const directory = createTemporaryDirectory('live');
    const app = await startAppProcess({ dataDir: directory.path });
    const stream = await open('', admin, app.url);
    const startedMs = performance.now();
    await app.stop();
    await stream.ended;
    expect(performance.now() - startedMs).toBeLessThan(5000);
    directory.remove();
  });
});
