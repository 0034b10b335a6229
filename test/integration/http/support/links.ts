import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestConfiguration } from '../../../support/api.ts';
import { sealJwe } from '../../../unit/tokens/support/seal-jwe.ts';
import type { Answer, Instance } from './instance.ts';

/** What a browser says of the pages that it takes. */
export const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

/** A request as a browser's, whose redirection is not followed; `fetch` would write Sec-Fetch-Mode itself. */
export async function visit(
  url: string,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = options;
  const sent = request(url + path, { method, headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
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

/** A token of exactly or a little under so many characters. */
export function tokenOf({ id, publicKey }: TestConfiguration, chars: number): string {
  const seal = (fill: number) =>
    sealJwe(JSON.stringify({ sub: 'alice', grants: { res: [`dashboards/${'x'.repeat(fill)}`] } }), {
      header: { kid: id, alg: 'RSA-OAEP-256', enc: 'A256GCM' },
      key: createPublicKey(publicKey),
    });
  const empty = seal(0).length;
  const token = seal(Math.floor(((chars - empty) * 3) / 4));
  if (token.length > chars || token.length < chars - 4) throw new Error(`${token.length} characters`);
  return token;
}

/** How many sessions have been counted until now. */
export async function countSessions(instance: Instance): Promise<number> {
  await instance.settled();
  return Number((await instance.get('/api/v1/usage/summary')).body['total']);
}
