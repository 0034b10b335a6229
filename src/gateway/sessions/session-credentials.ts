import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a request shows to be in a session. */
export interface SessionCredential {
  readonly token: string;
  /** What must equal the session's own initialiser; none where a browser has sent its cookie. */
  readonly initialisers: readonly string[];
  readonly from: 'headers' | 'cookie';
}

export const sessionCookieName = 'wat_session';

/**
 * The session that a request belongs to: `authorization` (bare or Bearer) with `initialiser` or `initializer`, else the
 * cookie. Where one of the headers is there, the cookie does not count: a request that shows a wrong one is refused,
 * not taken for another session. Nothing is ever taken from a URL. Pure.
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

/** Whether two secret texts are the same, in a time that tells nothing of where they differ. */
export function isSameText(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

function isText(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
