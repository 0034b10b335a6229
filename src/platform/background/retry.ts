export interface BackOffConfig {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Waiting times between attempts. */
export interface BackOff {
  /** Returns the wait before the next attempt: `firstMs`, then twice as long each time, up to `lastMs`. */
  nextMs(): number;
  /** Resets the next wait to `firstMs`. */
  reset(): void;
}

/** Creates an exponential back-off. */
export function createBackOff({ firstMs, lastMs }: BackOffConfig): BackOff {
  let waitMs = firstMs;
  return {
    nextMs() {
      const currentMs = waitMs;
      waitMs = Math.min(lastMs, waitMs * 2);
      return currentMs;
    },
    reset() {
      waitMs = firstMs;
    },
  };
}

export interface RetryDeps {
  readonly backOff: BackOff;
  /** Waits before the next attempt. It may resolve earlier, for example when a stop is requested. */
  wait(waitMs: number): Promise<void>;
  isStopped(): boolean;
  /** Called after each failure, before the wait. If it rejects, the retries end with its error. */
  onFailure(error: unknown, waitMs: number): Promise<void> | void;
}

export type RetryResult<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  /** A stop was requested before any attempt succeeded. */
  | { readonly kind: 'stopped' };

/** Repeats `attempt` until it succeeds or a stop is requested. Waits after each failure. */
export async function retryUntilStopped<Value>(
  attempt: () => Promise<Value>,
  { backOff, wait, isStopped, onFailure }: RetryDeps,
): Promise<RetryResult<Value>> {
  while (!isStopped()) {
    try {
      return { kind: 'done', value: await attempt() };
    } catch (error) {
      const waitMs = backOff.nextMs();
      await onFailure(error, waitMs);
      if (!isStopped()) await wait(waitMs);
    }
  }
  return { kind: 'stopped' };
}
