import { Agent, type IncomingMessage, request } from 'node:http';
import { type Books, noteUnanswered, type Ticket } from './books.ts';
import { isLive, sleep } from './instance.ts';

/** Exchanges tokens without end, many at once, over restarts of the server, and keeps books of every answer. */
export interface LoadClient {
  readonly books: Books;
  readonly inFlight: () => number;
  /** Goes on until `isEnough`; resolves when every exchange under way has an end. */
  run(isEnough: () => boolean): Promise<void>;
  close(): void;
}

export interface LoadClientConfig {
  readonly url: string;
  readonly concurrency: number;
}

const answerTimeoutMs = 20_000;
const stallTimeoutMs = 60_000;
const downPollMs = 15;
const refusedPauseMs = 20;

export function createLoadClient({ url, concurrency }: LoadClientConfig, books: Books): LoadClient {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  let sent = 0;
  let inFlight = 0;
  let lastAnswerMs = 0;
  let comingBack: Promise<void> | undefined;

  /** Shared by all: one of them asks whether the server is there again. */
  function waitUntilBack(): Promise<void> {
    comingBack ??= pollUntilLive(url).finally(() => {
      comingBack = undefined;
    });
    return comingBack;
  }

  async function exchangeOne(ticket: Ticket): Promise<void> {
    inFlight += 1;
    const outcome = await post(agent, url, ticket.webAccessToken);
    inFlight -= 1;
    switch (outcome.kind) {
      case 'not-sent':
        books.notSent += 1;
        return waitUntilBack();
      case 'unanswered':
        return noteUnanswered(books, ticket);
      case 'answered':
        lastAnswerMs = Date.now();
        return noteAnswer(ticket, outcome);
      default:
        outcome satisfies never;
    }
  }

  async function noteAnswer(ticket: Ticket, { status, retryAfter, body }: Answered): Promise<void> {
    if (status === 200) {
      const { sessionId } = JSON.parse(body) as { sessionId: string };
      if (books.answered.has(sessionId)) throw new Error(`session ${sessionId} was answered twice`);
      books.answered.set(sessionId, { ticket, answeredMs: Date.now() });
      return;
    }
    books.refused.push({ ticket, status, retryAfter });
    await sleep(refusedPauseMs);
  }

  async function work(isEnough: () => boolean): Promise<void> {
    while (!isEnough()) {
      if (Date.now() > lastAnswerMs + stallTimeoutMs)
        throw new Error('there has been no answer for a minute');
      const ticket = books.tickets[sent % books.tickets.length];
      if (ticket === undefined) throw new Error('there are no tickets');
      sent += 1;
      await exchangeOne(ticket);
    }
  }

  return {
    books,
    inFlight: () => inFlight,
    async run(isEnough) {
      lastAnswerMs = Date.now();
      await Promise.all(Array.from({ length: concurrency }, () => work(isEnough)));
    },
    close: () => agent.destroy(),
  };
}

async function pollUntilLive(url: string): Promise<void> {
  while (!(await isLive(url))) await sleep(downPollMs);
}

interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

type Outcome = Answered | { readonly kind: 'not-sent' } | { readonly kind: 'unanswered' };

/** One request, never repeated by itself. A head without its whole body is no answer. */
function post(agent: Agent, url: string, webAccessToken: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const body = JSON.stringify({ webAccessToken });
    const fail = (error: NodeJS.ErrnoException) =>
      resolve({ kind: error.code === 'ECONNREFUSED' ? 'not-sent' : 'unanswered' });
    const sending = request(
      `${url}/api/v1/wat/sessionToken`,
      {
        agent,
        method: 'POST',
        timeout: answerTimeoutMs,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        readBody(response).then((text) => {
          const { statusCode: status = 0, headers } = response;
          resolve({ kind: 'answered', status, retryAfter: headers['retry-after'], body: text });
        }, fail);
      },
    );
    sending.on('error', fail);
    sending.on('timeout', () => sending.destroy(new Error('no answer in time')));
    sending.end(body);
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  if (!response.complete) throw new Error('the answer was cut off');
  return Buffer.concat(chunks).toString('utf8');
}
