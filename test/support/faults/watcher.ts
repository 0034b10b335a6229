import { call } from '../api.ts';
import { type Books, countUnanswered } from './books.ts';
import { sleep } from './instance.ts';
import type { LoadClient } from './load-client.ts';

/** Reads the summary while exchanges and kills go on, and notes every answer that breaks a promise. */
export interface Watcher {
  /** Ends it; returns what was wrong and how many answers there were. */
  finish(): Promise<{ complaints: string[]; answers: number }>;
}

const pollMs = 40;

/**
 * Holds at every moment: the total never falls; it is not more than what was asked for; and what was answered
 * before `completeThrough` is in it.
 */
export function watchSummary(url: string, client: LoadClient): Watcher {
  const { books } = client;
  const complaints: string[] = [];
  let answers = 0;
  let highest = 0;
  let finished = false;

  async function readOne(): Promise<void> {
    const { status, body } = await call(url, 'GET', '/api/v1/usage/summary');
    if (status !== 200) {
      complaints.push(`status ${status}`);
      return;
    }
    answers += 1;
    const total = Number(body['total']);
    if (total < highest) complaints.push(`the total fell from ${highest} to ${total}`);
    highest = Math.max(highest, total);
    const most = books.answered.size + countUnanswered(books) + client.inFlight();
    if (total > most) complaints.push(`${total} sessions of at most ${most}`);
    const through = body['completeThrough'];
    const least = through === null ? 0 : countAnsweredBefore(books, Date.parse(String(through)));
    if (total < least) complaints.push(`complete through ${through}, but ${total} of ${least} sessions`);
  }

  async function run(): Promise<void> {
    while (!finished) {
      // A killed server is no complaint: it does not answer.
      await readOne().catch(() => {});
      await sleep(pollMs);
    }
  }

  const running = run();
  return {
    async finish() {
      finished = true;
      await running;
      return { complaints, answers };
    },
  };
}

function countAnsweredBefore({ answered }: Books, instantMs: number): number {
  let count = 0;
  for (const { answeredMs } of answered.values()) if (answeredMs < instantMs) count += 1;
  return count;
}
