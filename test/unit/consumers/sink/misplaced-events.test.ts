import { expect, it } from 'vitest';
import { encodeSessionEvent, type SessionEvent } from '../../../../src/events/session-event.ts';
import { sessionEvent } from '../../../support/arbitrary-events.ts';
import { arrive, metrics, sequencesIn, setUpSink } from './rig.ts';
import { messageOf, messageOfEvent } from './streams.ts';

const eventOfPartition5 = (sequence: number): SessionEvent =>
  sessionEvent({
    partition: 5,
    sequence,
    sessionId: `0199a0b1-c2d3-7e4f-8a5b-${String(sequence).padStart(12, '0')}`,
  });
const identityOf = ({ producer, partition, sequence }: SessionEvent) => ({ producer, partition, sequence });
const reason = 'the event belongs to another partition';

it('the sink stores an event of another partition as a dead letter with its identity, and continues', async () => {
  const { source, store, sink, advance } = setUpSink({}, { partition: 0 });
  arrive(source, 1, 2);
  source.push([
    messageOfEvent(eventOfPartition5(7)),
    messageOf(undefined, encodeSessionEvent(eventOfPartition5(8))),
  ]);
  arrive(source, 3, 4);
  sink.start();
  await advance(2000);
  expect(sequencesIn(store)).toEqual([1, 2, 3, 4]);
  expect(store.letters()).toMatchObject([
    {
      ...identityOf(eventOfPartition5(7)),
      reason,
      position: 2,
      body: encodeSessionEvent(eventOfPartition5(7)),
    },
    {
      ...identityOf(eventOfPartition5(8)),
      reason,
      position: 3,
      body: encodeSessionEvent(eventOfPartition5(8)),
    },
  ]);
  expect(source.hinted).toBe(5);
  expect(sink.trouble()).toBeUndefined();
});

it('the sink stores an unreadable message without its identity if the identity belongs to another partition', async () => {
  const { source, store, sink, advance } = setUpSink({}, { partition: 0 });
  arrive(source, 1, 2);
  source.push([messageOf(identityOf(eventOfPartition5(1000)), '{"half":')]);
  sink.start();
  await advance(2000);
  expect(store.letters()).toMatchObject([{ producer: '', sequence: 0, reason: 'not a JSON object' }]);
  expect(store.letters()[0]?.headers).toContain('1000');
  // With the identity, this partition would report 999 events of the other partition as missing.
  expect((await metrics.missingEvents.get()).values[0]?.value).toBe(0);
});

it('the sink stores events of every partition if its store covers all partitions', async () => {
  const { source, store, sink, advance } = setUpSink();
  source.push([messageOfEvent(eventOfPartition5(1)), messageOfEvent(sessionEvent({ sequence: 1 }))]);
  sink.start();
  await advance(1000);
  expect(store.rows().map(({ partition }) => partition)).toEqual([5, 0]);
  expect(store.letters()).toEqual([]);
});
