import type { SessionDraft } from '../../events/session-event.ts';
import type { NotedRefusal, Outcomes } from '../../gateway/exchange/outcomes.ts';
import type { RefusalLimiter } from '../../gateway/exchange/refusal-limiter.ts';
import type { JournalAppender } from '../../journal/log/journal.ts';
import { oncePerTurn } from '../../platform/background/batching.ts';
import { type FromMain, type FromWorker, fromSentError } from './messages.ts';
import { createNumberedCalls } from './numbered-calls.ts';
import { createOutcomeTally } from './outcome-tally.ts';

export interface MainLinkDeps {
  send(message: FromWorker): void;
  /** Reads changes by other processes from the control store. Never rejects. */
  refresh(): Promise<void>;
  stop(): void;
}

/** The worker's side of the channel to the main process. */
export interface MainLink {
  readonly journal: JournalAppender;
  readonly limiter: RefusalLimiter;
  readonly outcomes: Outcomes;
  take(message: FromMain): void;
  /** Removes everything that is buffered and returns it as a message. */
  drain(): FromWorker;
}

/**
 * Creates a worker's side of the channel. Through it, the worker uses the main process's journal, limiter and
 * counters.
 */
export function createMainLink({ send, refresh, stop }: MainLinkDeps): MainLink {
  const outbox = createOutbox(send);
  const { appends, refused } = outbox;

  async function refreshAndReport(number: number): Promise<void> {
    await refresh();
    outbox.addRefreshed(number);
  }

  return {
    drain: outbox.drain,
    journal: {
      append(session) {
        outbox.schedule();
        return appends.call(session);
      },
    },
    limiter: {
      countRefusal(address) {
        outbox.schedule();
        return refused.call(address);
      },
    },
    outcomes: { count: outbox.countOutcome, noteRefusal: outbox.addRefusal },
    take(message) {
      switch (message.kind) {
        case 'appended':
          for (const number of message.numbers) appends.settle(number)?.resolve();
          return;
        case 'not-appended':
          appends.settle(message.number)?.reject(fromSentError(message.error));
          return;
        case 'limited':
          refused.settle(message.number)?.resolve(message.retryAfterSeconds);
          return;
        case 'refresh':
          void refreshAndReport(message.number);
          return;
        case 'stop':
          stop();
      }
    },
  };
}

/** How long outcome counts wait to be sent together with other data. */
const outcomesMs = 50;

/**
 * Creates the buffer for a worker's messages. The buffer sends at most one message per event loop turn, because each
 * message wakes the main process.
 */
function createOutbox(send: MainLinkDeps['send']) {
  const appends = createNumberedCalls<SessionDraft, void>();
  const refused = createNumberedCalls<string, number | undefined>();
  const outcomes = createOutcomeTally();
  let outcomesTimer: NodeJS.Timeout | undefined;
  let refusals: NotedRefusal[] = [];
  let refreshed: number[] = [];
  const schedule = oncePerTurn(flush);

  function drain(): FromWorker {
    clearTimeout(outcomesTimer);
    outcomesTimer = undefined;
    const { first: firstAppend, arguments: drafts } = appends.drain();
    const { first: firstRefused, arguments: addresses } = refused.drain();
    const buffered = { outcomes: outcomes.drain(), refusals, refreshed };
    refusals = [];
    refreshed = [];
    return { firstAppend, appends: drafts, firstRefused, refused: addresses, ...buffered };
  }

  /**
   * Sends the buffer unless it is empty. Both the timer and the end of a turn call this function, so the buffer may
   * already be sent.
   */
  function flush(): void {
    const message = drain();
    const lists = [message.appends, message.refused, message.outcomes, message.refusals, message.refreshed];
    if (lists.some((list) => list.length > 0)) send(message);
  }

  return {
    ...{ appends, refused, schedule, drain },
    addRefusal(refusal: NotedRefusal): void {
      refusals.push(refusal);
      schedule();
    },
    addRefreshed(number: number): void {
      refreshed.push(number);
      schedule();
    },
    /** Buffers a count. No caller waits for it, so under load it is sent together with the next sessions. */
    countOutcome(...[operation, outcome, times = 1]: Parameters<Outcomes['count']>): void {
      outcomes.add(operation, outcome, times);
      outcomesTimer ??= setTimeout(flush, outcomesMs);
    },
  };
}
