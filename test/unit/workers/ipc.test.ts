import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createMainLink } from '../../../src/app/workers/ipc-client.ts';
import { createWorkerLink } from '../../../src/app/workers/ipc-server.ts';
import type { FromMain, FromWorker } from '../../../src/app/workers/messages.ts';
import type { SessionDraft } from '../../../src/events/session-event.ts';
import { journalErrors } from '../../../src/journal/declarations/errors.ts';
import { AppError } from '../../../src/platform/errors/errors.ts';
import { letEventLoopTurn } from '../../support/event-loop.ts';

const draft = (sessionId: string): SessionDraft => ({
  sessionId,
  configurationId: 'c',
  organisationId: 'default',
  tags: ['tag'],
  viewer: 'v',
});

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Connects a worker link and a main link with a channel that copies messages, like a real channel. */
function setUp(append: (session: SessionDraft) => Promise<unknown>) {
  const sent: FromWorker[] = [];
  const counts: unknown[] = [];
  const refusals: unknown[] = [];
  const addresses: string[] = [];
  let refreshCalls = 0;
  let refresh = async () => {
    refreshCalls += 1;
  };
  let stops = 0;
  const toWorker = (message: FromMain) => main.take(structuredClone(message));
  const worker = createWorkerLink({
    journal: { append },
    limiter: {
      countRefusal: async (address) => {
        addresses.push(address);
        return address === 'limited' ? 7 : undefined;
      },
    },
    outcomes: {
      count: (...count) => void counts.push(count),
      noteRefusal: (refusal) => void refusals.push(refusal),
    },
    send: (message) => setImmediate(toWorker, message),
  });
  const main = createMainLink({
    send(message) {
      sent.push(message);
      setImmediate(() => worker.take(structuredClone(message)));
    },
    refresh: () => refresh(),
    stop: () => {
      stops += 1;
    },
  });
  return {
    ...{ main, worker, sent, counts, refusals, addresses },
    refreshCalls: () => refreshCalls,
    stops: () => stops,
    hang: () => {
      refresh = () => new Promise(() => {});
    },
  };
}

describe('a worker and its main process', () => {
  it('resolve an append only after the journal has stored it', async () => {
    const commits: (() => void)[] = [];
    const { main } = setUp(() => new Promise<void>((resolve) => commits.push(resolve)));
    const settled: string[] = [];
    for (const id of ['a', 'b', 'c']) void main.journal.append(draft(id)).then(() => settled.push(id));
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    expect([commits.length, settled]).toEqual([3, []]);
    commits[1]?.();
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    expect(settled).toEqual(['b']);
    commits[2]?.();
    commits[0]?.();
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    expect(settled.toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('send all calls of one event-loop turn as one message, in order', async () => {
    const appended: string[] = [];
    const { main, sent } = setUp(async ({ sessionId }) => void appended.push(sessionId));
    const ids = Array.from({ length: 20 }, (_, index) => `s${index}`);
    await Promise.all(ids.map((id) => main.journal.append(draft(id))));
    expect(appended).toEqual(ids);
    expect(sent).toHaveLength(1);
    await main.journal.append(draft('later'));
    expect(appended.at(-1)).toBe('later');
    expect(sent[1]?.firstAppend).toBe(20);
  });

  it('transfer an application error with code, detail and retry time, and any other error as internal_error', async () => {
    const errors: unknown[] = [
      new AppError(journalErrors.journal_unavailable, {
        detail: 'full',
        retryAfterSeconds: 5,
        cause: new Error('secret'),
      }),
      new Error('secret'),
    ];
    const { main } = setUp(() => Promise.reject(errors.shift()));
    const first = await main.journal.append(draft('a')).catch((error: AppError) => error);
    expect(first).toBeInstanceOf(AppError);
    expect(first).toMatchObject({ code: 'journal_unavailable', detail: 'full', retryAfterSeconds: 5 });
    const second = await main.journal.append(draft('b')).catch((error: AppError) => error);
    expect(second).toMatchObject({ code: 'internal_error' });
    expect(JSON.stringify([first, second])).not.toContain('secret');
  });

  it('reject only the append that failed', async () => {
    const { main } = setUp(async ({ sessionId }) => {
      if (sessionId === 'bad') throw new AppError(journalErrors.journal_unavailable);
    });
    const outcomes = await Promise.allSettled(['a', 'bad', 'c'].map((id) => main.journal.append(draft(id))));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('share the refusal limiter', async () => {
    const { main, addresses } = setUp(async () => {});
    const { countRefusal } = main.limiter;
    expect(await Promise.all([countRefusal('free'), countRefusal('limited')])).toEqual([undefined, 7]);
    expect(addresses).toEqual(['free', 'limited']);
  });

  it('aggregate counts and send them within 50 ms or with the next session, and send refusals immediately', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { main, counts, refusals, sent } = setUp(async () => {});
    main.outcomes.count('exchange', 'accepted');
    main.outcomes.count('exchange', 'accepted', 2);
    main.outcomes.count('page-load', 'counted');
    await nextTurn();
    expect(sent).toHaveLength(0);
    await main.journal.append(draft('a'));
    const expected = [
      ['exchange', 'accepted', 3],
      ['page-load', 'counted', 1],
    ];
    expect(counts).toEqual(expected);
    main.outcomes.count('exchange', 'accepted');
    vi.advanceTimersByTime(49);
    await letEventLoopTurn();
    expect(sent).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await letEventLoopTurn();
    expect(counts).toEqual([...expected, ['exchange', 'accepted', 1]]);
    expect(sent).toHaveLength(2);
    const refusal = { configurationId: 'c', organisationId: 'o', reason: 'expired' } as const;
    main.outcomes.noteRefusal(refusal);
    for (let turn = 0; turn < 3; turn += 1) await nextTurn();
    expect(refusals).toEqual([refusal]);
    main.outcomes.count('exchange', 'accepted');
    expect(main.drain().outcomes).toEqual([['exchange', 'accepted', 1]]);
  });

  it('refresh on request, and stop waiting for a refresh when the worker has ended', async () => {
    const { worker, refreshCalls, hang } = setUp(async () => {});
    await Promise.all([worker.refresh(), worker.refresh()]);
    expect(refreshCalls()).toBe(2);
    hang();
    let isOver = false;
    const waiting = worker.refresh().then(() => {
      isOver = true;
    });
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    expect(isOver).toBe(false);
    worker.ended();
    await waiting;
    await worker.refresh();
  });

  it('transfer a request to stop', async () => {
    const { worker, stops } = setUp(async () => {});
    worker.stop();
    await nextTurn();
    expect(stops()).toBe(1);
  });
});
