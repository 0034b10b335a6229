import { expect, it } from 'vitest';
import { prepareBatch } from '../../../../consumers/sink/prepare.ts';
import { sessionEvent } from '../../../support/arbitrary-events.ts';
import { createMemoryEventStore } from '../../../support/memory-event-store.ts';
import { createMemorySource } from '../../../support/memory-source.ts';
import { messageOfEvent } from './streams.ts';

const nowMs = Date.UTC(2026, 11, 1);

it('a batch counts the rows whose time is more than 5 minutes ahead of the clock', async () => {
  const source = createMemorySource();
  const times = [nowMs - 1000, nowMs + 300_000, nowMs + 300_001, nowMs + 7_200_000];
  source.push(times.map((timeMs, index) => messageOfEvent(sessionEvent({ sequence: index + 1, timeMs }))));
  const deps = { source, store: createMemoryEventStore(), maxRows: 100, clock: { nowMs: () => nowMs } };
  const batch = await prepareBatch(new Map(), deps);
  expect([batch.rows.count, batch.futureEvents]).toEqual([4, 2]);
});
