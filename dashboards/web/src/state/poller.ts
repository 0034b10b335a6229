import { ApiError } from '../api/http.ts';

const INTERVAL_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

export interface PollerOptions<Answer> {
  readonly load: (signal: AbortSignal) => Promise<Answer>;
  readonly onAnswer: (answer: Answer) => void;
  /** Told of each failure, and when the next attempt comes (in epoch milliseconds). */
  readonly onFailure: (error: ApiError, retryAt: number) => void;
}

export interface Poller {
  /** Asks now; an unfinished request is given up. */
  readonly restart: () => void;
  readonly stop: () => void;
}

/** Asks about each second while the page is visible: one request at a time, slower after failures. */
export function createPoller<Answer>(options: PollerOptions<Answer>): Poller {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;
  let failures = 0;

  function cancel(): void {
    clearTimeout(timer);
    running?.abort();
    running = undefined;
  }

  function restart(): void {
    cancel();
    if (!document.hidden) void run();
  }

  async function run(): Promise<void> {
    const controller = new AbortController();
    running = controller;
    const started = performance.now();
    const outcome = await options.load(controller.signal).then(
      (answer) => () => succeed(answer, performance.now() - started),
      (error: unknown) => () => fail(error),
    );
    if (running !== controller) return; // stopped or restarted meanwhile
    // The next attempt is planned before anybody is told, so that whoever is told may stop it.
    outcome();
  }

  function plan(wait: number): void {
    running = undefined;
    timer = setTimeout(restart, wait);
  }

  function succeed(answer: Answer, took: number): void {
    failures = 0;
    plan(Math.max(INTERVAL_MS, took)); // a server that needs long is asked less often
    options.onAnswer(answer);
  }

  function fail(error: unknown): void {
    const failure = error instanceof ApiError ? error : new ApiError(0, String(error));
    const wait = Math.max(backoff(failures++), failure.retryAfterMs ?? 0);
    plan(wait);
    options.onFailure(failure, Date.now() + wait);
  }

  document.addEventListener('visibilitychange', restart);
  addEventListener('online', restart);
  return {
    restart,
    stop: () => {
      document.removeEventListener('visibilitychange', restart);
      removeEventListener('online', restart);
      cancel();
    },
  };
}

/** 2, 4, 8, 16, 30 seconds, each up to a quarter longer, so that many dashboards do not return at once. */
function backoff(failures: number): number {
  return Math.min(2000 * 2 ** failures, LONGEST_WAIT_MS) * (1 + Math.random() / 4);
}
