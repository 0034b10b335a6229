import { Agent, type IncomingMessage, request } from 'node:http';
import { type ExchangeLog, recordUnanswered, type TestToken } from './exchange-log.ts';
import { isLive, sleep } from './instance.ts';

/** A client that exchanges tokens concurrently, continues after server restarts, and records every result. */
export interface LoadClient {
  readonly exchangeLog: ExchangeLog;
  readonly inFlight: () => number;
  /** Exchanges tokens until `isEnough` returns true. Resolves when no exchange is in flight. */
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

export function createLoadClient(
  { url, concurrency }: LoadClientConfig,
  exchangeLog: ExchangeLog,
): LoadClient {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  let sent = 0;
  let inFlight = 0;
  let lastAnswerMs = 0;
  let recovery: Promise<void> | undefined;

  /** Waits until the server responds again. All workers share this wait, so that only one of them polls. */
  function waitUntilBack(): Promise<void> {
    recovery ??= pollUntilLive(url).finally(() => {
      recovery = undefined;
    });
    return recovery;
  }

  async function exchangeOne(token: TestToken): Promise<void> {
    inFlight += 1;
    const outcome = await post(agent, url, token.webAccessToken);
    inFlight -= 1;
    switch (outcome.kind) {
      case 'not-sent':
        exchangeLog.notSent += 1;
        return waitUntilBack();
      case 'unanswered':
        return recordUnanswered(exchangeLog, token);
      case 'answered':
        lastAnswerMs = Date.now();
        return recordAnswer(token, outcome);
      default:
        outcome satisfies never;
    }
  }

  async function recordAnswer(token: TestToken, { status, retryAfter, body }: Answered): Promise<void> {
    if (status === 200) {
      const { sessionId } = JSON.parse(body) as { sessionId: string };
      if (exchangeLog.answered.has(sessionId)) throw new Error(`session ${sessionId} was answered twice`);
      exchangeLog.answered.set(sessionId, { token, answeredMs: Date.now() });
      return;
    }
    exchangeLog.refused.push({ token, status, retryAfter });
    await sleep(refusedPauseMs);
  }

  async function work(isEnough: () => boolean): Promise<void> {
    while (!isEnough()) {
      if (Date.now() > lastAnswerMs + stallTimeoutMs) throw new Error('no answer for a minute');
      const token = exchangeLog.tokens[sent % exchangeLog.tokens.length];
      if (token === undefined) throw new Error('there are no tokens');
      sent += 1;
      await exchangeOne(token);
    }
  }

  return {
    exchangeLog,
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

/** Sends one request without retries. A response with an incomplete body counts as no response. */
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
