import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The credential that connects a request to a session. */
export interface SessionCredential {
  readonly token: string;
  /** Values that must all equal the session's initialiser. Empty for a cookie. */
  readonly initialisers: readonly string[];
  readonly from: 'headers' | 'cookie';
}

export const sessionCookieName = 'wat_session';

/**
 * Returns the session credential of a request: the header `authorization` (bare or Bearer) with `initialiser` or
 * `initializer`, or otherwise the cookie. If one of these headers is present, the cookie is ignored. A request with a
 * wrong header is then rejected instead of using another session. A URL is never a credential. Pure.
 */
export function readCredential(
  headers: IncomingHttpHeaders,
  cookies: Readonly<Record<string, string | undefined>>,
): SessionCredential | undefined {
  const { authorization } = headers;
  const initialisers = [headers['initialiser'], headers['initializer']].flat().filter(isText);
  if (authorization === undefined && initialisers.length === 0) {
    const token = cookies[sessionCookieName];
    return isText(token) ? { token, initialisers: [], from: 'cookie' } : undefined;
  }
  const token = /^(?:Bearer +)?(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
  if (token === undefined || initialisers.length === 0) return undefined;
  return { token, initialisers, from: 'headers' };
}

/** Compares two secret texts. The duration does not reveal the position of the first difference. */
export function isSameText(first: string, second: string): boolean {
  const [a, b] = [first, second].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

function isText(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
