import { sleep } from '../support/processes.ts';

export interface SteadyExchanges {
  readonly url: string;
  readonly tokens: readonly string[];
  readonly perSecond: number;
  /** Each exchange whose index is a multiple of this number is measured. 1 measures all exchanges. */
  readonly watchedShare: number;
}

/**
 * Sends exchanges at a steady rate, without waiting for responses. Returns the times at which the responses of the
 * measured exchanges arrived.
 */
export async function exchangeSteadily(plan: SteadyExchanges): Promise<number[]> {
  const { url, tokens, perSecond, watchedShare } = plan;
  const answeredMs: number[] = [];
  const underWay: Promise<void>[] = [];
  const startedMs = performance.now();
  for (const [index, token] of tokens.entries()) {
    const dueMs = startedMs + (index * 1000) / perSecond;
    if (dueMs > performance.now()) await sleep(dueMs - performance.now());
    underWay.push(
      exchange(url, token).then((atMs) => {
        if (index % watchedShare === 0) answeredMs.push(atMs);
      }),
    );
  }
  await Promise.all(underWay);
  return answeredMs;
}

async function exchange(url: string, webAccessToken: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/wat/sessionToken`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ webAccessToken }),
  });
  const atMs = performance.now();
  const answer = await response.text();
  if (response.status !== 200) throw new Error(`an exchange was answered ${response.status}: ${answer}`);
  return atMs;
}
