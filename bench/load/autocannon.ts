import { once } from 'node:events';
import autocannon from 'autocannon';
import type { LoadOptions, LoadResult } from './client.ts';

const headLength = (request: Buffer) => request.indexOf('\r\n\r\n') + 4;

/**
 * Sends the same load with autocannon, for comparison. autocannon also prepares its requests in advance, but all its
 * requests have the same body.
 */
export async function sendByAutocannon(options: LoadOptions): Promise<LoadResult> {
  const { port, connections, count, requestAt } = options;
  const request = requestAt(0);
  const latencies: number[] = [];
  const run = autocannon({
    url: `http://127.0.0.1:${port}/api/v1/wat/sessionToken`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: request.subarray(headLength(request)),
    connections,
    amount: count,
  });
  const startedMs = performance.now();
  let endedMs = startedMs;
  let refused = 0;
  run.on('response', (_client, statusCode, _bytes, responseTimeMs) => {
    if (statusCode !== 200) refused += 1;
    latencies.push(responseTimeMs);
    // autocannon ends with the next tick of its clock, up to a second later. The time is therefore recorded when the
    // last response arrives.
    if (latencies.length === count) endedMs = performance.now();
  });
  await once(run, 'done');
  if (refused > 0 || latencies.length !== count)
    throw new Error(`${latencies.length} answers, ${refused} refused`);
  return { elapsedMs: endedMs - startedMs, latenciesMs: Float64Array.from(latencies) };
}
