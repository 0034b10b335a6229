import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStallWatch } from '../../../../consumers/kafka/stall-watch.ts';

const client = { fetchMs: 0, answers: true, failed: undefined as Error | undefined };
let watch: ReturnType<typeof createStallWatch>;

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(client, { fetchMs: 0, answers: true, failed: undefined });
  watch = createStallWatch(
    { stalledAfterMs: 60_000 },
    {
      lastSignMs: () => client.fetchMs,
      brokerAnswers: async () => client.answers,
      failure: () => client.failed,
    },
  );
  void watch.start?.();
});
afterEach(async () => {
  await watch.stop?.();
  vi.useRealTimers();
});

const advance = (ms: number) => vi.advanceTimersByTimeAsync(ms);

it('the stall watch reports a client that does not fetch for the whole timeout while a broker responds', async () => {
  await advance(55_000);
  expect(watch.stalled()).toBeUndefined();
  await advance(10_000);
  expect(watch.stalled()).toBe('the Kafka client has stalled');
});

it('the stall watch does not report an idle client, because it still fetches', async () => {
  for (let seconds = 0; seconds < 300; seconds += 1) {
    client.fetchMs += 250;
    await advance(1000);
  }
  expect(watch.stalled()).toBeUndefined();
});

it('the stall watch waits indefinitely while no broker responds, and restarts its timeout when one responds', async () => {
  client.answers = false;
  await advance(3_600_000);
  expect(watch.stalled()).toBeUndefined();
  client.answers = true;
  await advance(50_000);
  expect(watch.stalled()).toBeUndefined();
  await advance(15_000);
  expect(watch.stalled()).toBeDefined();
});

it('the stall watch immediately reports a client that has given up', () => {
  client.failed = new Error('not authorised');
  expect(watch.stalled()).toBe('the Kafka client gave up: not authorised');
});
