import { availableParallelism } from 'node:os';
import { percentile, round } from '../support/statistics.ts';
import { sendByAutocannon } from './autocannon.ts';
import { sendLoad } from './client.ts';
import type { Order, Reply, SendOrder, SendResult } from './generator.ts';
import { mintInThreads } from './requests.ts';

const sets = new Map<string, Buffer[]>();

async function carryOut(order: Order): Promise<Reply> {
  if (order.kind === 'send') return { kind: 'sent', result: await send(order) };
  sets.set(order.set, await mintInThreads(order.key, order.count, availableParallelism()));
  return { kind: 'minted' };
}

async function send({ port, connections, set, repeat, by = 'sockets' }: SendOrder): Promise<SendResult> {
  const requests = sets.get(set) ?? [];
  const count = repeat ?? requests.length;
  const requestAt = (index: number) => requests[repeat === undefined ? index : 0] as Buffer;
  const before = process.cpuUsage();
  const sendBy = by === 'sockets' ? sendLoad : sendByAutocannon;
  const { elapsedMs, latenciesMs } = await sendBy({ port, connections, count, requestAt });
  const { user, system } = process.cpuUsage(before);
  return {
    count,
    perSecond: (count / elapsedMs) * 1000,
    p50Ms: round(percentile(latenciesMs, 0.5), 2),
    p99Ms: round(percentile(latenciesMs, 0.99), 2),
    generatorCpuUs: round((user + system) / count, 1),
  };
}

process.on('message', (order: Order) => {
  carryOut(order).then(
    (reply) => process.send?.(reply),
    (error: unknown) => process.send?.({ kind: 'failed', reason: String(error) }),
  );
});
