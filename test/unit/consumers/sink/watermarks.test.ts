import { expect, it, vi } from 'vitest';
import { addWatermark } from '../../../../consumers/sink/watermarks.ts';
import { encodeWatermark, type Watermark } from '../../../../src/events/watermark.ts';
import { sessionEvent } from '../../../support/arbitrary-events.ts';
import { createMemoryEventStore } from '../../../support/memory-event-store.ts';
import { createMemorySource } from '../../../support/memory-source.ts';
import { arrive, metrics, newSink, sequencesIn, useFakeTime } from './rig.ts';

const { producer, partition } = sessionEvent({});
const beforeMs = Date.UTC(2026, 10, 30);

function watermark(sequence: number, members: Partial<Watermark> = {}): Watermark {
  return { producer, partition, sequence, beforeMs, partitions: 8, final: false, ...members };
}

function messageOf(sent: Watermark) {
  const headers = {
    producer: sent.producer,
    partition: String(sent.partition),
    sequence: String(sent.sequence),
  };
  return { identity: undefined, watermark: headers, body: encodeWatermark(sent), headers: '{}' };
}

function setUp() {
  const time = useFakeTime();
  const source = createMemorySource();
  const store = createMemoryEventStore({ partition });
  const written: { readonly watermarks: readonly Watermark[]; readonly rows: number }[] = [];
  const watermarks = {
    fault: () => {},
    async write(added: readonly Watermark[]) {
      watermarks.fault();
      written.push({ watermarks: added, rows: store.rows().length });
    },
  };
  const sink = newSink({ source, store, watermarks });
  return { ...time, source, store, sink, watermarks, written };
}

it('stores a watermark after the rows that it covers, and moves the cursor past it', async () => {
  const { advance, source, store, sink, written } = setUp();
  source.push([messageOf(watermark(0))]);
  arrive(source, 1, 3);
  source.push([messageOf(watermark(2)), messageOf(watermark(3, { beforeMs: beforeMs + 1 }))]);
  sink.start();
  await advance(1000);
  expect(sequencesIn(store)).toEqual([1, 2, 3]);
  expect(written).toEqual([{ watermarks: [watermark(3, { beforeMs: beforeMs + 1 })], rows: 3 }]);
  expect(source.hinted).toBe(5);
  expect(store.letters()).toEqual([]);
  await sink.stop();
});

it('ignores a watermark that covers events which are not stored, until they arrive', async () => {
  const { advance, source, sink, written } = setUp();
  arrive(source, 1, 3);
  arrive(source, 6, 8);
  source.push([messageOf(watermark(3)), messageOf(watermark(8)), messageOf(watermark(9, { final: true }))]);
  sink.start();
  await advance(1000);
  expect(written.flatMap(({ watermarks }) => watermarks)).toEqual([watermark(3)]);
  arrive(source, 4, 5);
  await advance(1000);
  source.push([messageOf(watermark(8))]);
  await advance(1000);
  expect(written.at(-1)).toEqual({ watermarks: [watermark(8)], rows: 8 });
  await sink.stop();
});

it('counts dead letters as covered', async () => {
  const { advance, source, sink, written } = setUp();
  source.push([{ identity: { producer, partition, sequence: 1 }, body: '{', headers: '{}' }]);
  source.push([messageOf(watermark(1))]);
  sink.start();
  await advance(1000);
  expect(written).toEqual([{ watermarks: [watermark(1)], rows: 0 }]);
  await sink.stop();
});

it('stores a message as a dead letter if its watermark is invalid or belongs to another partition', async () => {
  const { advance, source, store, sink, written } = setUp();
  const invalid = { ...messageOf(watermark(0)), body: '{}' };
  source.push([invalid, messageOf(watermark(0, { partition: partition + 1 }))]);
  sink.start();
  await advance(1000);
  expect(written).toEqual([]);
  expect(store.letters().map(({ reason }) => reason)).toEqual(['unknown type', 'unknown type']);
  await sink.stop();
});

it('reads the messages again if a watermark could not be stored', async () => {
  const { advance, source, store, sink, watermarks, written } = setUp();
  watermarks.fault = vi.fn().mockImplementationOnce(() => {
    throw new Error('planned');
  });
  arrive(source, 1, 2);
  source.push([messageOf(watermark(2, { final: true }))]);
  sink.start();
  await advance(5000);
  expect(sequencesIn(store)).toEqual([1, 2]);
  expect(written).toEqual([{ watermarks: [watermark(2, { final: true })], rows: 2 }]);
  expect(source.hinted).toBe(2);
  expect((await metrics.sinkErrors.get()).values[0]?.value).toBeGreaterThan(0);
  await sink.stop();
});

it('keeps the last watermark of each producer and the final one', () => {
  const kept: Watermark[] = [];
  for (const added of [
    watermark(1),
    watermark(2, { final: true }),
    watermark(2),
    watermark(1, { producer: 'b' }),
  ])
    addWatermark(kept, added);
  expect(kept).toEqual([watermark(2), watermark(2, { final: true }), watermark(1, { producer: 'b' })]);
});
