import { call } from '../api.ts';
import { countUnanswered, type ExchangeLog } from './exchange-log.ts';
import { sleep } from './instance.ts';
import type { LoadClient } from './load-client.ts';

/** A watcher that reads the summary during exchanges and kills, and records every response that breaks a guarantee. */
export interface Watcher {
  /** Stops the watcher. Returns the violations and the number of responses. */
  finish(): Promise<{ violations: string[]; answers: number }>;
}

const pollMs = 40;

/**
 * Checks these guarantees, which must hold at all times:
 * - The total never falls.
 * - The total is at most the number of exchanges that were sent.
 * - The total includes every exchange whose response arrived before `completeThrough`.
 */
export function watchSummary(url: string, client: LoadClient): Watcher {
  const { exchangeLog } = client;
  const violations: string[] = [];
  let answers = 0;
  let highest = 0;
  let isFinished = false;

  async function readOne(): Promise<void> {
    const { status, body } = await call(url, 'GET', '/api/v1/usage/summary');
    if (status !== 200) {
      violations.push(`status ${status}`);
      return;
    }
    answers += 1;
    const total = Number(body['total']);
    if (total < highest) violations.push(`the total fell from ${highest} to ${total}`);
    highest = Math.max(highest, total);
    const most = exchangeLog.answered.size + countUnanswered(exchangeLog) + client.inFlight();
    if (total > most) violations.push(`${total} sessions of at most ${most}`);
    const through = body['completeThrough'];
    const least = through === null ? 0 : countAnsweredBefore(exchangeLog, Date.parse(String(through)));
    if (total < least) violations.push(`complete through ${through}, but ${total} of ${least} sessions`);
  }

  async function run(): Promise<void> {
    while (!isFinished) {
      // A killed server does not respond, which does not break a guarantee.
      await readOne().catch(() => {});
      await sleep(pollMs);
    }
  }

  const running = run();
  return {
    async finish() {
      isFinished = true;
      await running;
      return { violations, answers };
    },
  };
}

function countAnsweredBefore({ answered }: ExchangeLog, instantMs: number): number {
  let count = 0;
  for (const { answeredMs } of answered.values()) if (answeredMs < instantMs) count += 1;
  return count;
}
