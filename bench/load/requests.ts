import { Worker } from 'node:worker_threads';
import { claimsOf, createMinter, type TokenKey } from './mint.ts';

/** Returns the bytes of a request that exchanges a token. */
export function requestOf(token: string): Buffer {
  const body = JSON.stringify({ webAccessToken: token });
  return Buffer.from(
    `POST /api/v1/wat/sessionToken HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

export interface MintJob {
  readonly key: TokenKey;
  readonly first: number;
  readonly count: number;
}

/** Requests in one buffer, and the end position of each. Threads can pass the buffer on without copying it. */
export interface MintedRequests {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly ends: Uint32Array<ArrayBuffer>;
}

export function mintRequests({ key, first, count }: MintJob): MintedRequests {
  const mint = createMinter(key);
  const requests = Array.from({ length: count }, (_, index) => requestOf(mint(claimsOf(first + index))));
  const ends = new Uint32Array(count);
  let end = 0;
  requests.forEach((request, index) => {
    end += request.length;
    ends[index] = end;
  });
  const bytes = new Uint8Array(end);
  requests.forEach((request, index) => {
    bytes.set(request, (ends[index] ?? 0) - request.length);
  });
  return { bytes, ends };
}

/** Creates requests with new tokens, on the given number of threads. */
export async function mintInThreads(key: TokenKey, count: number, threads: number): Promise<Buffer[]> {
  const share = Math.ceil(count / threads);
  const jobs = Array.from({ length: threads }, (_, thread) => ({
    key,
    first: thread * share,
    count: Math.min(share, count - thread * share),
  }));
  const minted = await Promise.all(jobs.map(mintInThread));
  return minted.flatMap(({ bytes, ends }) => {
    const all = Buffer.from(bytes.buffer);
    return Array.from(ends, (end, index) => all.subarray(ends[index - 1] ?? 0, end));
  });
}

function mintInThread(job: MintJob): Promise<MintedRequests> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./mint-worker.js', import.meta.url), { workerData: job });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
