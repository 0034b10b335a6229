import { setTimeout } from 'node:timers/promises';

export interface PollConfig {
  readonly everyMs: number;
  /** Sum of all waits. The duration of the `look` calls is additional. */
  readonly timeoutMs: number;
}

/**
 * Calls `look` until it returns a value, and returns that value. Returns undefined if `look` has returned
 * none after `timeoutMs`.
 */
export async function poll<Answer>(
  look: () => Promise<Answer | undefined> | Answer | undefined,
  { everyMs, timeoutMs }: PollConfig,
  sleep: (waitMs: number) => Promise<unknown> = setTimeout,
): Promise<Answer | undefined> {
  for (let waitedMs = 0; ; waitedMs += everyMs) {
    const answer = await look();
    if (answer !== undefined || waitedMs >= timeoutMs) return answer;
    await sleep(everyMs);
  }
}
