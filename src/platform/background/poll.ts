import { setTimeout } from 'node:timers/promises';

export interface PollConfig {
  readonly everyMs: number;
  /** The sum of all waits: the last look is this long after the first, and the looks take their own time. */
  readonly timeoutMs: number;
}

/** Returns the first answer of `look` that is not undefined, or undefined when there is none in time. */
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
