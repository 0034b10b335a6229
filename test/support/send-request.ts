import { request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Sends a request on a new connection, so that successive requests can reach different gateway workers. */
export function sendRequest(
  url: string,
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const outgoing = request(`${url}${path}`, { method, agent: false, headers: { ...type, ...headers } });
    outgoing.setTimeout(5000, () => outgoing.destroy(new Error('no answer')));
    outgoing.on('error', reject).on('response', async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      const isJson = /json/.test(response.headers['content-type'] ?? '');
      resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : {} });
    });
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
