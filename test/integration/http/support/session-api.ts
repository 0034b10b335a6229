import { get } from 'node:http';
import { expect } from 'vitest';
import { createEntryCookies } from '../../../../src/gateway/sessions/entry-cookies.ts';
import {
  createSessionTokens,
  encodeGrant,
  type SessionClaims,
} from '../../../../src/gateway/sessions/sealed/session-token.ts';
import { createSharedSealing } from '../../../../src/gateway/sessions/sealed/shared-sealing.ts';
import { loadSharedKeys } from '../../../../src/platform/sql/shared-keys.ts';
import type { Answer, Instance } from './instance.ts';

export const sessionPath = '/api/v1/wat/session';
export const claimsPath = `${sessionPath}/claims`;
export const renewPath = `${sessionPath}/renew`;

export const viewerHeaderNames = [
  ...['subject', 'configuration', 'organisation', 'session', 'language', 'locale', 'theme', 'grants'],
].map((name) => `x-wat-${name}`);

/** Returns the headers that an API client sends for the session. */
export function headersOf({ body }: Answer): Record<string, string> {
  return {
    authorization: `Bearer ${body['webSessionToken']}`,
    initialiser: String(body['initialiser']),
  };
}

/** Expects a `session_invalid` response without any viewer header. */
export function expectSessionRefused(answer: Answer): void {
  expect([answer.status, answer.body['code']]).toEqual([401, 'session_invalid']);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect([...answer.headers.keys()].filter((name) => name.startsWith('x-wat'))).toEqual([]);
}

/** Loads the session keys that all gateways share, to create session tokens like another gateway. */
export async function openGateway({ control }: Pick<Instance, 'control'>) {
  const keys = await loadSharedKeys(control.store, control.sealer, 'session-token', Date.now());
  const tokens = createSessionTokens(createSharedSealing(keys));
  const entryCookies = createEntryCookies(keys);

  /** Returns the session token with some claims replaced. */
  function changedToken(webSessionToken: string, change: Partial<SessionClaims>): string {
    const opened = tokens.open(webSessionToken);
    if (opened?.grant === undefined) throw new Error('the session token does not contain its claims');
    const claims = { ...opened.stamp, ...opened.grant, ...change };
    return tokens.seal(claims, encodeGrant(claims));
  }

  /** Returns the session token as a link would issue it for a cookie. */
  function asCookie(webSessionToken: string): string {
    const opened = tokens.open(webSessionToken);
    if (opened === undefined) throw new Error('the session token is not valid');
    const { stamp, grant } = opened;
    return tokens.seal({ ...stamp, handOff: 'cookie' }, grant && encodeGrant({ ...stamp, ...grant }));
  }

  const changed = (answer: Answer, change: Partial<SessionClaims>) =>
    changedToken(String(answer.body['webSessionToken']), change);

  return {
    changed,
    changedToken,
    asCookie,
    /** Returns the cookie header that a browser would send if a link had started the session. */
    cookieOf: ({ body }: Answer) => ({
      cookie: `wat_session=${asCookie(String(body['webSessionToken']))}`,
    }),
    /** Converts a session into a session that a link started. Returns the cookies that the browser then has. */
    asLink(answer: Answer): { cookie: string; mark: string } {
      const { name, value } = entryCookies.create(String(answer.body['sessionId']));
      return {
        cookie: `wat_session=${changed(answer, { isLinkEntry: true, handOff: 'cookie' })}`,
        mark: `${name}=${value}`,
      };
    },
  };
}

/** Sends a GET request with exactly the given headers. `fetch` would add its own Sec-Fetch-Mode header. */
export function getExactly(url: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const pairs = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        const isJson = /json/.test(response.headers['content-type'] ?? '');
        resolve({
          ...{ status: response.statusCode ?? 0, text, body: isJson ? JSON.parse(text) : {} },
          headers: new Headers(pairs as [string, string][]),
        });
      });
    }).on('error', reject);
  });
}
