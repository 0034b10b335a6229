import type { SessionDraft } from '../../events/session-event.ts';
import type { Asked, NotedRefusal, Outcomes } from '../../gateway/exchange/outcomes.ts';
import type { RefusalLimiter } from '../../gateway/exchange/refusal-limiter.ts';
import type { JournalAppender } from '../../journal/log/journal.ts';
import { type FromMain, type FromWorker, fromSentError } from './messages.ts';

export interface MainLinkDeps {
  send(message: FromWorker): void;
  /** Looks at the control store for what others have changed. Never fails. */
  look(): Promise<void>;
  stop(): void;
}

/** A worker's side: what it has of the main process, and what that has to say. */
export interface MainLink {
  readonly journal: JournalAppender;
  readonly limiter: RefusalLimiter;
  readonly outcomes: Outcomes;
  take(message: FromMain): void;
  /** What has come up since the last message. */
  drain(): FromWorker;
}

interface Waiting<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

/** Calls that wait for their answers, numbered in their order. */
function createCalls<Argument, Result>() {
  const waiting = new Map<number, Waiting<Result>>();
  let asked: Argument[] = [];
  let next = 0;
  return {
    call: (argument: Argument) =>
      new Promise<Result>((resolve, reject) => {
        waiting.set(next, { resolve, reject });
        next += 1;
        asked.push(argument);
      }),
    /** What has been asked since the last time, and the number of the first of it. */
    drain() {
      const drained = { first: next - asked.length, asked };
      asked = [];
      return drained;
    },
    settle(number: number): Waiting<Result> | undefined {
      const one = waiting.get(number);
      waiting.delete(number);
      return one;
    },
  };
}

/** How often each outcome has come up since the last time. */
function createTally() {
  let counts = new Map<string, [Asked, string, number]>();
  return {
    add(asked: Asked, outcome: string, times: number): void {
      const key = `${asked}/${outcome}`;
      const count = counts.get(key);
      if (count === undefined) counts.set(key, [asked, outcome, times]);
      else count[2] += times;
    },
    drain(): readonly (readonly [Asked, string, number])[] {
      const drained = [...counts.values()];
      counts = new Map();
      return drained;
    },
  };
}

/** The longest that a count waits for company. */
const outcomesMs = 50;

export function createMainLink({ send, look, stop }: MainLinkDeps): MainLink {
  const appends = createCalls<SessionDraft, void>();
  const refused = createCalls<string, number | undefined>();
  const outcomes = createTally();
  let outcomesTimer: NodeJS.Timeout | undefined;
  let refusals: NotedRefusal[] = [];
  let looked: number[] = [];
  let isScheduled = false;

  /** At the end of the turn: what comes up together is sent together. */
  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(flush);
  }

  function drain(): FromWorker {
    isScheduled = false;
    clearTimeout(outcomesTimer);
    outcomesTimer = undefined;
    const { first: firstAppend, asked: drafts } = appends.drain();
    const { first: firstRefused, asked: addresses } = refused.drain();
    const told = { outcomes: outcomes.drain(), refusals, looked };
    refusals = [];
    looked = [];
    return { firstAppend, appends: drafts, firstRefused, refused: addresses, ...told };
  }

  function flush(): void {
    const message = drain();
    const { appends: drafts, refused: addresses, outcomes: counts } = message;
    const isEmpty = [drafts, addresses, counts, message.refusals, message.looked].every(
      (one) => one.length === 0,
    );
    // The timer of counts and the end of a turn may both have come.
    if (!isEmpty) send(message);
  }

  async function lookAndTell(number: number): Promise<void> {
    await look();
    looked.push(number);
    schedule();
  }

  return {
    drain,
    journal: {
      append(session) {
        schedule();
        return appends.call(session);
      },
    },
    limiter: {
      countRefusal(address) {
        schedule();
        return refused.call(address);
      },
    },
    outcomes: {
      count(asked, outcome, times = 1) {
        outcomes.add(asked, outcome, times);
        // Nobody waits for a count: under load it goes with the next sessions.
        outcomesTimer ??= setTimeout(flush, outcomesMs);
      },
      noteRefusal(refusal) {
        refusals.push(refusal);
        schedule();
      },
    },
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
        case 'look':
          void lookAndTell(message.number);
          return;
        case 'stop':
          stop();
      }
    },
  };
}
