import { setTimeout } from 'node:timers/promises';

export interface PollConfig {
  readonly everyMs: number;
  /** Maximum total wait. The time that the calls of `look` take is additional. */
  readonly timeoutMs: number;
}

/**
 * Calls `look` until it returns a value, and returns this value. Returns undefined if there is no value after
 * `timeoutMs`.
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
