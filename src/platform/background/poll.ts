import { setTimeout } from 'node:timers/promises';

export interface PollConfig {
  readonly everyMs: number;
  /** The sum of all waits. The duration of the `look` calls is added to it. */
  readonly timeoutMs: number;
}

/** Calls `look` until it returns a value, and returns it. Returns undefined if there is none after `timeoutMs`. */
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
