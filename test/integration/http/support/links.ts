import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestConfiguration } from '../../../support/api.ts';
import { sealJwe } from '../../../unit/tokens/support/seal-jwe.ts';
import type { Answer, Instance } from './instance.ts';

/** The Accept header of a browser's page load. */
export const browserHeaders = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

/**
 * Sends a request with exactly the given headers, and does not follow redirects. `fetch` would add its own
 * Sec-Fetch-Mode header.
 */
export async function visit(
  url: string,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = options;
  const outgoing = request(url + path, { method, headers });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const content = await text(response);
  const isJson = /json/.test(response.headers['content-type'] ?? '');
  return {
    status: response.statusCode ?? 0,
    headers: headersOf(response),
    body: isJson && content !== '' ? JSON.parse(content) : {},
    text: content,
  };
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2)
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  return headers;
}

/** Creates a token that is at most `chars` and at least `chars - 4` characters long. */
export function createTokenOfLength({ id, publicKey }: TestConfiguration, chars: number): string {
  const seal = (fill: number) =>
    sealJwe(JSON.stringify({ sub: 'alice', grants: { res: [`dashboards/${'x'.repeat(fill)}`] } }), {
      header: { kid: id, alg: 'RSA-OAEP-256', enc: 'A256GCM' },
      key: createPublicKey(publicKey),
    });
  const empty = seal(0).length;
  const token = seal(Math.floor(((chars - empty) * 3) / 4));
  if (token.length > chars || token.length < chars - 4)
    throw new Error(`the token has ${token.length} characters instead of ${chars}`);
  return token;
}

/** Returns the number of sessions counted so far. */
export async function countSessions(instance: Instance): Promise<number> {
  await instance.settled();
  return Number((await instance.get('/api/v1/usage/summary')).body['total']);
}
