import type { SessionDraft } from '../../events/session-event.ts';
import type { Outcomes } from '../../gateway/exchange/outcomes.ts';
import type { RefusalLimiter } from '../../gateway/exchange/refusal-limiter.ts';
import type { JournalAppender } from '../../journal/log/journal.ts';
import { createTurnBatch } from '../../platform/background/batching.ts';
import { type FromMain, type FromWorker, toSentError } from './messages.ts';

export interface WorkerLinkDeps {
  readonly journal: JournalAppender;
  readonly limiter: RefusalLimiter;
  readonly outcomes: Outcomes;
  /** Sends a message. It is lost if the worker has exited. */
  send(message: FromMain): void;
}

/** The main process's side of the channel to one worker. */
export interface WorkerLink {
  take(message: FromWorker): void;
  /** Makes the worker read the control store. Resolves when the worker has read its current state, or has exited. */
  refresh(): Promise<void>;
  stop(): void;
  /** Reports that the worker has exited. Every pending `refresh` resolves. */
  ended(): void;
}

/**
 * Creates the main process's side of the channel to one worker. It passes the worker's messages to the journal,
 * limiter and counters.
 */
export function createWorkerLink({ journal, limiter, outcomes, send }: WorkerLinkDeps): WorkerLink {
  const refreshCalls = createRefreshCalls(send);
  /** Sends one message for all appends that a journal commit made durable. */
  const reportAppended = createTurnBatch<number>({
    handle: (numbers) => send({ kind: 'appended', numbers }),
  });

  function append(session: SessionDraft, number: number): void {
    journal.append(session).then(
      () => reportAppended(number),
      (error) => send({ kind: 'not-appended', number, error: toSentError(error) }),
    );
  }

  async function countRefusal(address: string, number: number): Promise<void> {
    const retryAfterSeconds = await limiter.countRefusal(address);
    send({ kind: 'limited', number, retryAfterSeconds });
  }

  return {
    take(message) {
      message.appends.forEach((session, index) => {
        append(session, message.firstAppend + index);
      });
      message.refused.forEach((address, index) => {
        void countRefusal(address, message.firstRefused + index);
      });
      for (const [operation, outcome, times] of message.outcomes) outcomes.count(operation, outcome, times);
      for (const refusal of message.refusals) outcomes.noteRefusal(refusal);
      for (const number of message.refreshed) refreshCalls.settle(number);
    },
    refresh: refreshCalls.refresh,
    stop: () => send({ kind: 'stop' }),
    ended: refreshCalls.end,
  };
}

/** Tracks `refresh` messages that the worker has not confirmed yet. */
function createRefreshCalls(send: WorkerLinkDeps['send']) {
  const pending = new Map<number, () => void>();
  let next = 0;
  let hasEnded = false;
  return {
    refresh(): Promise<void> {
      if (hasEnded) return Promise.resolve();
      return new Promise((resolve) => {
        pending.set(next, resolve);
        send({ kind: 'refresh', number: next });
        next += 1;
      });
    },
    settle(number: number): void {
      pending.get(number)?.();
      pending.delete(number);
    },
    end(): void {
      hasEnded = true;
      for (const resolve of pending.values()) resolve();
      pending.clear();
    },
  };
}
