import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TokenKey } from './mint.ts';

/** A load generator in a separate process. */
export interface Generator {
  readonly pid: number | undefined;
  /** Creates requests, each of which exchanges a new token. The generator keeps them as a set with this name. */
  mint(set: string, key: TokenKey, count: number): Promise<void>;
  /** Sends each request of a set once. With `repeat`, sends the first request of the set this many times. */
  send(order: Omit<SendOrder, 'kind'>): Promise<SendResult>;
  stop(): void;
}

export interface SendOrder {
  readonly kind: 'send';
  readonly port: number;
  readonly connections: number;
  readonly set: string;
  readonly repeat?: number;
  readonly by?: 'sockets' | 'autocannon';
}

export interface MintOrder {
  readonly kind: 'mint';
  readonly set: string;
  readonly key: TokenKey;
  readonly count: number;
}

export type Order = SendOrder | MintOrder;

export interface SendResult {
  readonly count: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of the generator per request. */
  readonly generatorCpuUs: number;
}

export type Reply =
  | { readonly kind: 'minted' }
  | { readonly kind: 'sent'; readonly result: SendResult }
  | { readonly kind: 'failed'; readonly reason: string };

export function startGenerator(): Generator {
  const child = fork(fileURLToPath(new URL('./generator-process.js', import.meta.url)));
  let waiting: ((reply: Reply) => void) | undefined;
  const answer = (reply: Reply) => waiting?.(reply);
  child.on('message', answer);
  child.on('exit', (code, signal) => answer({ kind: 'failed', reason: `ended with ${signal ?? code}` }));

  /** Sends one order to the generator and waits for its result. Only one order can run at a time. */
  async function ask(order: Order): Promise<Reply> {
    const answered = new Promise<Reply>((resolve) => {
      waiting = resolve;
    });
    child.send(order);
    const reply = await answered;
    if (reply.kind === 'failed') throw new Error(`the load generator: ${reply.reason}`);
    return reply;
  }

  return {
    pid: child.pid,
    async mint(set, key, count) {
      await ask({ kind: 'mint', set, key, count });
    },
    async send(order) {
      const reply = await ask({ kind: 'send', ...order });
      if (reply.kind !== 'sent') throw new Error('the load generator answered something else');
      return reply.result;
    },
    stop() {
      if (child.connected) child.disconnect();
    },
  };
}
