import { ApiError } from '../api/http.ts';

const INTERVAL_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

export interface PollerOptions<Answer> {
  readonly load: (signal: AbortSignal) => Promise<Answer>;
  readonly onAnswer: (answer: Answer) => void;
  /** Runs after each failure, with the time of the next attempt in epoch milliseconds. */
  readonly onFailure: (error: ApiError, retryAt: number) => void;
}

export interface Poller {
  /** Aborts an unfinished request and sends a new one. */
  readonly restart: () => void;
  readonly stop: () => void;
}

/**
 * Creates a poller that calls `load` about once per second while the page is visible, and less often after
 * failures.
 */
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
    const startedMs = performance.now();
    const outcome = await options.load(controller.signal).then(
      (answer) => () => succeed(answer, performance.now() - startedMs),
      (error: unknown) => () => fail(error),
    );
    if (running !== controller) return; // The poller was stopped or restarted during the request.
    outcome();
  }

  function schedule(waitMs: number): void {
    running = undefined;
    timer = setTimeout(restart, waitMs);
  }

  function succeed(answer: Answer, durationMs: number): void {
    failures = 0;
    // Schedule before the callback, so that the callback can stop the poller. A slow server is polled less
    // often.
    schedule(Math.max(INTERVAL_MS, durationMs));
    options.onAnswer(answer);
  }

  function fail(error: unknown): void {
    const failure = error instanceof ApiError ? error : new ApiError(0, String(error));
    const waitMs = Math.max(backoffMs(failures++), failure.retryAfterMs ?? 0);
    schedule(waitMs);
    options.onFailure(failure, Date.now() + waitMs);
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

/**
 * Returns the wait before a retry: 2, 4, 8, 16, then 30 s, plus up to a quarter at random, so that many
 * dashboards do not retry at the same time.
 */
function backoffMs(failures: number): number {
  return Math.min(2000 * 2 ** failures, LONGEST_WAIT_MS) * (1 + Math.random() / 4);
}
