import { createPublicKey } from 'node:crypto';
import type { TestConfiguration } from '../../../support/api.ts';
import { sealJwe } from '../../../unit/tokens/support/seal-jwe.ts';
import type { Answer, Instance } from './instance.ts';

/** What a browser says of the pages that it takes. */
export const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

/** A request without credentials whose redirection is not followed. */
export async function visit(
  url: string,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | URLSearchParams } = {},
): Promise<Answer> {
  const response = await fetch(url + path, { redirect: 'manual', ...options });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text !== '' ? JSON.parse(text) : {},
    text,
  };
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
