import { expect, it } from 'vitest';
import { createSkippedLetter } from '../../../../consumers/dead-letter/skipped-letter.ts';
import { sessionEvent } from '../../../support/arbitrary-events.ts';
import { arrive, metrics, newSink, sequencesIn, setUpSink } from './rig.ts';
import { messageOf } from './streams.ts';

const type = 'io.watmeter.session.started.v2';
const body = JSON.stringify({ type });
const { producer, partition } = sessionEvent({});
const blockedAt = async () => (await metrics.blockedMessages.get()).values.map(({ labels }) => labels);

/** Starts a sink on three readable events, a message with a newer version at position 3, and more readable events. */
function setUpBlocked(identity?: { producer: string; partition: number; sequence: number }) {
  const rig = setUpSink({}, { partition: 0 });
  arrive(rig.source, 1, 3);
  rig.source.push([messageOf(identity, body)]);
  arrive(rig.source, identity === undefined ? 4 : 5, 6);
  rig.sink.start();
  const letter = createSkippedLetter({ ...messageOf(identity, body), position: 3 }, 'memory', type, 0);
  return { ...rig, letter };
}

it('a sink that waits for an upgrade reports source, position and type in readiness, metric and log', async () => {
  const { store, sink, advance, lines } = setUpBlocked();
  await advance(3000);
  expect(sequencesIn(store)).toEqual([1, 2, 3]);
  expect(sink.trouble()).toMatch(/memory.*offset 3 of partition 0.*v2.*upgrade watmeter/);
  expect(await blockedAt()).toEqual([{ source: 'memory', offset: '3', type }]);
  expect(lines.filter(({ level }) => level === 'error')).toEqual([
    {
      level: 'error',
      message: expect.stringContaining('newer version'),
      ...{ source: 'memory', partition: 0, offset: 3, type },
    },
  ]);
});

it('a sink that waits for an upgrade does not reread the high-water marks, and logs the wait every 10 minutes', async () => {
  const { store, advance, lines } = setUpBlocked();
  let reads = 0;
  store.outcome = (call) => {
    if (call === 'readState') reads += 1;
    return 'done';
  };
  await advance(1_201_000);
  expect(reads).toBe(0);
  expect(lines.filter(({ level }) => level === 'error')).toHaveLength(3);
});

it.each([
  ['without an identity', undefined, [1, 2, 3, 4, 5, 6]],
  ['with an identity', { producer, partition, sequence: 4 }, [1, 2, 3, 5, 6]],
])(
  'a sink that waits for an upgrade continues once the message %s is stored as a dead letter',
  async (_, identity, stored) => {
    const { source, store, sink, advance, letter } = setUpBlocked(identity);
    await advance(3000);
    await store.insertDeadLetters([letter]);
    await advance(10_000);
    expect(sequencesIn(store)).toEqual(stored);
    expect(source.hinted).toBe(stored.length);
    expect(sink.trouble()).toBeUndefined();
    expect(await blockedAt()).toEqual([]);
    expect((await store.readState()).get('0/producer-1')?.holes).toEqual([]);
  },
);

it('a message that was stored as a dead letter is skipped when the stream is reread', async () => {
  const { source, store, sink, advance, letter } = setUpBlocked();
  await store.insertDeadLetters([letter]);
  await advance(3000);
  await sink.stop();
  source.hinted = -1;
  const next = newSink({ source, store });
  next.start();
  await advance(3000);
  expect(sequencesIn(store)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(next.trouble()).toBeUndefined();
});

it('a sink that waits for an upgrade stops immediately, and removes its metric', async () => {
  const { sink, advance } = setUpBlocked();
  await advance(3000);
  const stopping = sink.stop();
  await advance(10);
  await stopping;
  expect(await blockedAt()).toEqual([]);
});

it('the sink retries when the dead-letter lookup fails', async () => {
  const { store, sink, advance, letter } = setUpBlocked();
  await advance(3000);
  store.outcome = (call) => (call === 'hasDeadLetter' ? 'failed' : 'done');
  await advance(20_000);
  expect(sink.trouble()).toMatch(/storing fails/);
  store.outcome = () => 'done';
  await store.insertDeadLetters([letter]);
  await advance(20_000);
  expect(sequencesIn(store)).toEqual([1, 2, 3, 4, 5, 6]);
});
