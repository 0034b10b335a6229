import { expect, it } from 'vitest';
import { encodeSessionEvent, type SessionEvent } from '../../../../src/events/session-event.ts';
import { sessionEvent } from '../../../support/arbitrary-events.ts';
import { arrive, metrics, sequencesIn, setUpSink } from './rig.ts';
import { messageOf, messageOfEvent, monthEndMs } from './streams.ts';

it('the sink does not store rows twice if an insert that reports an error has stored them', async () => {
  const { source, store, sink, advance } = setUpSink();
  const outcomes = ['failed-but-done'] as const;
  let inserts = 0;
  store.outcome = (call) => (call === 'insert' ? (outcomes[inserts++] ?? 'done') : 'done');
  arrive(source, 1, 5);
  sink.start();
  await advance(50);
  expect(sink.trouble()).toMatch(/storing fails: planned/);
  arrive(source, 6, 6);
  await advance(5000);
  expect(sequencesIn(store)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(source.hinted).toBe(5);
  expect(sink.trouble()).toBeUndefined();
});

it('the sink retries the rows that a failed insert did not store, in one month or in both', async () => {
  const { source, store, sink, advance } = setUpSink();
  const events = [1, 2, 3, 4].map((sequence) =>
    sessionEvent({ sequence, timeMs: monthEndMs + (sequence - 3) }),
  );
  const outcomes = ['failed', { onlyMonth: 1 }] as const;
  let inserts = 0;
  store.outcome = (call) => (call === 'insert' ? (outcomes[inserts++] ?? 'done') : 'done');
  source.push(events.map(messageOfEvent));
  sink.start();
  await advance(150);
  expect(sequencesIn(store)).toEqual([3, 4]);
  await advance(5000);
  expect(sequencesIn(store).sort()).toEqual([1, 2, 3, 4]);
  expect(inserts).toBe(3);
});

it('the sink reads the high-water marks only after the running insert has finished, even if the source failed', async () => {
  const { source, store, sink, advance } = setUpSink({ maxRows: 3 });
  const calls: string[] = [];
  let release = () => {};
  store.outcome = (call) => {
    calls.push(call);
    return call === 'insert' ? new Promise((resolve) => (release = () => resolve('done'))) : 'done';
  };
  arrive(source, 1, 6);
  let reads = 0;
  source.fault = (call) => {
    if (call === 'read' && ++reads === 2) throw new Error('planned: the source fails');
  };
  sink.start();
  await advance(60_000);
  expect(calls).toEqual(['readState', 'insert']);
  release();
  await advance(1000);
  release();
  await advance(1000);
  expect(calls).toEqual(['readState', 'insert', 'readState', 'insert']);
  expect(sequencesIn(store)).toEqual([1, 2, 3, 4, 5, 6]);
});

it('the sink counts missing events in its metric, which returns to 0 when they are stored', async () => {
  const { source, store, sink, advance } = setUpSink();
  const missing = async () => (await metrics.missingEvents.get()).values[0]?.value;
  arrive(source, 1, 3);
  arrive(source, 8, 9);
  sink.start();
  await advance(2000);
  expect(await missing()).toBe(4);
  arrive(source, 5, 6);
  await advance(2000);
  expect(await missing()).toBe(2);
  arrive(source, 1, 9);
  await advance(2000);
  expect(await missing()).toBe(0);
  expect(sequencesIn(store).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it('the sink retries indefinitely with back-off while the store fails', async () => {
  const { source, store, sink, advance } = setUpSink();
  let reads = 0;
  store.outcome = (call) => {
    if (call === 'readState') reads += 1;
    return 'failed';
  };
  arrive(source, 1, 1);
  sink.start();
  await advance(60_000);
  expect(reads).toBeGreaterThan(10);
  expect(reads).toBeLessThan(25);
  store.outcome = () => 'done';
  await advance(5000);
  expect(sequencesIn(store)).toEqual([1]);
});

it('the sink stores the events before an event of a newer version, waits there, and reports that an upgrade is needed', async () => {
  const { source, store, sink, advance } = setUpSink();
  let reads = 0;
  store.outcome = (call) => {
    if (call === 'readState') reads += 1;
    return 'done';
  };
  const type = 'io.watmeter.session.started.v2';
  arrive(source, 1, 3);
  source.push([messageOf({ producer: 'producer-1', partition: 0, sequence: 4 }, JSON.stringify({ type }))]);
  arrive(source, 5, 6);
  sink.start();
  await advance(60_000);
  expect(sequencesIn(store)).toEqual([1, 2, 3]);
  expect(store.letters()).toEqual([]);
  expect(source.hinted).toBe(2);
  expect(sink.trouble()).toMatch(/v2.*upgrade watmeter/);
  // The sink backs off as after any failure. Otherwise it would read the high-water marks ten times per second.
  expect(reads).toBeLessThan(25);
});

it('the sink stores an unreadable message as a dead letter with its identity, and continues', async () => {
  const { source, store, sink, advance } = setUpSink();
  arrive(source, 1, 2);
  source.push([messageOf({ producer: 'producer-1', partition: 0, sequence: 3 }, '{"half":')]);
  arrive(source, 4, 5);
  sink.start();
  await advance(1000);
  expect(sequencesIn(store)).toEqual([1, 2, 4, 5]);
  expect(store.letters()).toMatchObject([
    { producer: 'producer-1', partition: 0, sequence: 3, source: 'memory', position: 2, body: '{"half":' },
  ]);
  expect((await store.readState()).get('0/producer-1')?.holes).toEqual([]);
  expect(source.hinted).toBe(4);
});

it('the sink does not commit a position past a dead letter that could not be stored', async () => {
  const { source, store, sink, advance } = setUpSink();
  store.outcome = (call) => (call === 'insertDeadLetters' ? 'failed' : 'done');
  arrive(source, 1, 1);
  source.push([messageOf(undefined, 'nonsense')]);
  sink.start();
  await advance(20_000);
  expect(source.hinted).toBe(-1);
  expect(sequencesIn(store)).toEqual([1]);
  store.outcome = () => 'done';
  await advance(6000);
  expect(source.hinted).toBe(1);
  expect(store.letters()).toHaveLength(1);
  expect(sequencesIn(store)).toEqual([1]);
});

it('the sink stores an event whose body and headers have different identities as a dead letter', async () => {
  const { source, store, sink, advance } = setUpSink();
  const body = (given: Partial<SessionEvent>) => encodeSessionEvent(sessionEvent({ sequence: 7, ...given }));
  const headerIdentity = { producer: 'producer-1', partition: 0, sequence: 7 };
  source.push(
    [{ sequence: 8 }, { producer: 'other' }, { partition: 1 }].map((given) =>
      messageOf(headerIdentity, body(given)),
    ),
  );
  sink.start();
  await advance(1000);
  expect(store.rows()).toEqual([]);
  const reason = 'the identities in body and headers differ';
  expect(store.letters()).toMatchObject(Array(3).fill({ producer: '', sequence: 0, reason }));

  // Such a message proves neither identity, so the event with the identity in its headers is still stored.
  const events = [1, 2, 3, 4, 5, 6, 7, 8].map((sequence) => sessionEvent({ sequence }));
  source.push(events.map((event) => messageOf(event, encodeSessionEvent(event))));
  await advance(1000);
  expect(sequencesIn(store)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

it('the sink logs the reason for a failure once while it repeats, and again after a success', async () => {
  const { source, store, sink, advance, lines } = setUpSink();
  const errors = () => lines.filter(({ level }) => level === 'error');
  store.outcome = () => 'failed';
  arrive(source, 1, 1);
  sink.start();
  await advance(60_000);
  expect(errors()).toMatchObject([{ reason: expect.any(String), backOffMs: 100 }]);
  store.outcome = () => 'done';
  await advance(6000);
  store.outcome = (call) => (call === 'insert' ? 'failed' : 'done');
  arrive(source, 2, 2);
  await advance(6000);
  expect(errors()).toHaveLength(2);
});

it('the sink logs dead letters once per reason while they repeat', async () => {
  const { source, store, sink, advance, lines } = setUpSink();
  sink.start();
  for (let second = 0; second < 60; second += 1) {
    source.push([messageOf(undefined, `{"half":${second}`)]);
    await advance(1000);
  }
  expect(store.letters()).toHaveLength(60);
  const errors = lines.filter(({ level }) => level === 'error');
  expect(errors).toMatchObject([{ count: 1, reasons: ['not a JSON object'] }]);
});
