import { batch, type ReadonlySignal, signal } from '@preact/signals';
import { ApiError, isTemporary } from '../api/errors.ts';
import { report, sessionEnd } from './connection.ts';

const LONGEST_WAIT_MS = 30_000;

export interface Query<Data> {
  /** The latest answer. After a change of the key, it belongs to the previous key until the new one arrives. */
  readonly data: ReadonlySignal<Data | undefined>;
  /** The latest failure of the current key. A later success removes it. */
  readonly error: ReadonlySignal<ApiError | undefined>;
  /** Whether `data` belongs to a previous key. */
  readonly isStale: ReadonlySignal<boolean>;
  /** Loads again now. */
  readonly reload: () => void;
  /** Loads the data of another key, if the key differs from the current one. */
  readonly change: (key: string, load: Load<Data>) => void;
  /** Loads again, unless a request runs or a retry is pending. */
  readonly refresh: () => void;
  readonly close: () => void;
}

export type Load<Data> = (signal: AbortSignal) => Promise<Data>;

/**
 * Creates a query: it loads the data of one key at a time, keeps the last answer, retries temporary failures with
 * a growing wait and pauses while the page is hidden.
 */
export function createQuery<Data>(): Query<Data> {
  const id = Symbol('query');
  const data = signal<Data | undefined>(undefined);
  const error = signal<ApiError | undefined>(undefined);
  const isStale = signal(false);
  let key: string | undefined;
  let load: Load<Data> | undefined;
  let running: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  function cancel(): void {
    clearTimeout(timer);
    timer = undefined;
    running?.abort();
    running = undefined;
  }

  async function run(): Promise<void> {
    cancel();
    if (!load || document.hidden) return;
    const controller = new AbortController();
    running = controller;
    try {
      const answer = await load(controller.signal);
      if (running === controller) succeed(answer);
    } catch (cause) {
      if (running === controller) fail(cause);
    }
  }

  function succeed(answer: Data): void {
    running = undefined;
    failures = 0;
    report(id, undefined);
    batch(() => {
      data.value = answer;
      error.value = undefined;
      isStale.value = false;
    });
  }

  function fail(cause: unknown): void {
    running = undefined;
    const failure = cause instanceof ApiError ? cause : new ApiError(0, String(cause));
    if (failure.status === 401) sessionEnd.notify();
    error.value = failure;
    if (!isTemporary(failure)) return;
    const waitMs = Math.max(backoffMs(failures++), failure.retryAfterMs ?? 0);
    timer = setTimeout(run, waitMs);
    report(id, { error: failure, retryAt: Date.now() + waitMs });
  }

  function resume(): void {
    if (!document.hidden) void run();
  }

  document.addEventListener('visibilitychange', resume);
  addEventListener('online', resume);
  return {
    data,
    error,
    isStale,
    reload: () => {
      failures = 0;
      void run();
    },
    change: (nextKey, nextLoad) => {
      load = nextLoad;
      if (nextKey === key) return;
      key = nextKey;
      failures = 0;
      isStale.value = data.peek() !== undefined;
      error.value = undefined;
      void run();
    },
    refresh: () => {
      if (!running && timer === undefined) void run();
    },
    close: () => {
      document.removeEventListener('visibilitychange', resume);
      removeEventListener('online', resume);
      report(id, undefined);
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
