import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { createLiveFeed, type LiveClient } from '../../../../src/usage/live/live-feed.ts';
import type { LiveTick } from '../../../../src/usage/live/ticks.ts';
import type { TimeWindow } from '../../../../src/usage/time/time-windows.ts';

const logger = pino({ enabled: false });
const filter = { organisationId: undefined, configurationIds: [] };

/** Creates a feed with the system clock and a store that records its reads. */
function startFeed({
  maxClients = 5,
  fails = (): boolean => false,
  completeThroughMs = () => Date.now(),
} = {}) {
  const reads: TimeWindow[] = [];
  const store = {
    secondCounts: async (window: TimeWindow) => {
      reads.push(window);
      if (fails()) throw new Error('the store is down');
      return [];
    },
  };
  const clock = { nowMs: () => Date.now() };
  const feed = createLiveFeed({ maxClients }, { store, clock, completeThroughMs, logger });
  return { feed, reads };
}

function client(tokenId: string, after?: number) {
  const ticks: LiveTick[] = [];
  const calls = { sends: 0, ends: 0 };
  const live: LiveClient = {
    ...{ tokenId, filter, after },
    send(sent) {
      calls.sends += 1;
      ticks.push(...sent);
    },
    end() {
      calls.ends += 1;
    },
  };
  return { live, ticks, calls };
}

describe('the live feed', () => {
  it('polls the store once per second for all clients, and does not poll without clients', async () => {
    const { feed, reads } = startFeed();
    expect(reads).toEqual([]);
    const clients = ['one', 'two', 'three'].map((token) => client(token));
    const removes = clients.map(({ live }) => feed.add(live));
    await vi.waitFor(() => expect(clients[0]?.ticks.length).toBeGreaterThanOrEqual(3), { timeout: 6000 });
    expect(reads.length).toBeLessThanOrEqual((clients[0]?.ticks.length ?? 0) + 1);
    for (const remove of removes) remove();
    const before = reads.length;
    await new Promise((resolve) => setTimeout(resolve, 1300));
    expect([feed.clients(), reads.length]).toEqual([0, before]);
    for (const { ticks } of clients) {
      const seconds = ticks.map(({ through }) => through);
      expect(seconds).toEqual(seconds.map((_, index) => (seconds[0] ?? 0) + index));
    }
    await feed.close();
  });

  it('rereads the seconds that a reconnecting client missed, and sends these seconds to the client', async () => {
    const { feed, reads } = startFeed();
    const now = Math.floor(Date.now() / 1000);
    const { live, ticks } = client('one', now - 30);
    feed.add(live);
    await vi.waitFor(() => expect(ticks.length).toBeGreaterThanOrEqual(30), { timeout: 3000 });
    expect(ticks[0]?.through).toBe(now - 29);
    expect((reads[0]?.endMs ?? 0) - (reads[0]?.startMs ?? 0)).toBe(180_000);
    await feed.close();
  });

  it('limits the number of clients, and allows one token at most a fifth of that number', async () => {
    const { feed } = startFeed({ maxClients: 5 });
    const remove = feed.add(client('one').live);
    expect(() => feed.add(client('one').live)).toThrow(
      expect.objectContaining({ code: 'too_many_live_clients' }),
    );
    for (const token of ['two', 'three', 'four', 'five']) feed.add(client(token).live);
    expect(() => feed.add(client('six').live)).toThrow(expect.objectContaining({ retryAfterSeconds: 10 }));
    remove();
    feed.add(client('six').live);
    expect(feed.clients()).toBe(5);
    await feed.close();
  });

  it('continues after a store failure, and sends the missed seconds when the store works again', async () => {
    let isDown = true;
    const { feed } = startFeed({ fails: () => isDown });
    const { live, ticks, calls } = client('one');
    feed.add(live);
    await vi.waitFor(() => expect(calls.sends).toBeGreaterThan(0), { timeout: 3000 });
    expect(ticks).toEqual([]);
    isDown = false;
    await vi.waitFor(() => expect(ticks.length).toBeGreaterThan(0), { timeout: 3000 });
    await feed.close();
  });

  it('sends only complete seconds', async () => {
    const stoppedMs = Date.now() - 10_000;
    const { feed, reads } = startFeed({ completeThroughMs: () => stoppedMs });
    const { live, ticks, calls } = client('one');
    feed.add(live);
    await vi.waitFor(() => expect(calls.sends).toBeGreaterThan(1), { timeout: 4000 });
    expect(ticks.map(({ through }) => through)).toEqual([Math.floor(stoppedMs / 1000)]);
    expect(reads).toHaveLength(1);
    await feed.close();
  });

  it('disconnects its clients when it closes, and rejects new clients', async () => {
    const { feed } = startFeed();
    const { live, calls } = client('one');
    feed.add(live);
    await feed.close();
    expect(calls.ends).toBe(1);
    expect(() => feed.add(client('two').live)).toThrow();
  });
});
