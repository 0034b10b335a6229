import type { SessionDraft } from '../../events/session-event.ts';
import type { Outcomes } from '../../gateway/exchange/outcomes.ts';
import type { RefusalLimiter } from '../../gateway/exchange/refusal-limiter.ts';
import type { JournalAppender } from '../../journal/log/journal.ts';
import { type FromMain, type FromWorker, toSentError } from './messages.ts';

export interface WorkerLinkDeps {
  readonly journal: JournalAppender;
  readonly limiter: RefusalLimiter;
  readonly outcomes: Outcomes;
  /** Messages to a worker that has ended are lost, and so is whoever waits for them. */
  send(message: FromMain): void;
}

/** The main process's side of one worker. */
export interface WorkerLink {
  take(message: FromWorker): void;
  /** Resolves when the worker knows all that the control store has now, or has ended. */
  look(): Promise<void>;
  stop(): void;
  /** The worker has ended: nobody waits for it any more. */
  ended(): void;
}

export function createWorkerLink({ journal, limiter, outcomes, send }: WorkerLinkDeps): WorkerLink {
  const looks = new Map<number, () => void>();
  let nextLook = 0;
  let appended: number[] = [];
  let hasEnded = false;

  /** One commit of the journal ends many appends: told together. */
  function tellAppended(number: number): void {
    appended.push(number);
    if (appended.length === 1) setImmediate(flush);
  }

  function flush(): void {
    const numbers = appended;
    appended = [];
    send({ kind: 'appended', numbers });
  }

  function append(session: SessionDraft, number: number): void {
    journal.append(session).then(
      () => tellAppended(number),
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
      for (const [asked, outcome, times] of message.outcomes) outcomes.count(asked, outcome, times);
      for (const refusal of message.refusals) outcomes.noteRefusal(refusal);
      for (const number of message.looked) {
        looks.get(number)?.();
        looks.delete(number);
      }
    },
    look() {
      if (hasEnded) return Promise.resolve();
      return new Promise((resolve) => {
        looks.set(nextLook, resolve);
        send({ kind: 'look', number: nextLook });
        nextLook += 1;
      });
    },
    stop: () => send({ kind: 'stop' }),
    ended() {
      hasEnded = true;
      for (const resolve of looks.values()) resolve();
      looks.clear();
    },
  };
}
