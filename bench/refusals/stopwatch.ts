import { Agent, request } from 'node:http';

/**
 * Creates a function that sends POST requests over one keep-alive connection. The function returns the milliseconds from
 * before the request is sent until the response is complete.
 */
export function createStopwatch(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return (body: object) =>
    new Promise<{ ms: number; answer: string }>((resolve, reject) => {
      const text = JSON.stringify(body);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      const startedMs = performance.now();
      const outgoing = request(url, { method: 'POST', agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve({ ms: performance.now() - startedMs, answer: Buffer.concat(chunks).toString() });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(text);
    });
}
