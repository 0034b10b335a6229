import { request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A request on a connection of its own: each goes to the next gateway worker. */
export function ask(
  url: string,
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const asked = request(`${url}${path}`, { method, agent: false, headers: { ...type, ...headers } });
    asked.setTimeout(5000, () => asked.destroy(new Error('no answer')));
    asked.on('error', reject).on('response', async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      const isJson = /json/.test(response.headers['content-type'] ?? '');
      resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : {} });
    });
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
