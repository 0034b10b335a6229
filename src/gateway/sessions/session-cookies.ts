import type {} from '@fastify/cookie';
import type { FastifyReply } from 'fastify';
import { entryCookieSeconds } from './entry-cookies.ts';
import { sessionCookieName } from './session-credentials.ts';
import type { Session } from './sessions.ts';

export interface SessionCookiesConfig {
  readonly sameSite: 'lax' | 'strict' | 'none';
  readonly domain: string | undefined;
  /**
   * Public address of watmeter from the setting PUBLIC_URL, if it is set. Cookies are Secure if it is an https
   * address.
   */
  readonly publicUrl: string | undefined;
}

/** Sets session cookies and entry cookies, with the same attributes for link entries and renewals. */
export interface SessionCookies {
  setSession(reply: FastifyReply, session: Pick<Session, 'webSessionToken' | 'expiresAtMs'>): void;
  /** Removes the session cookie from the browser. */
  clearSession(reply: FastifyReply): void;
  setEntryCookie(reply: FastifyReply, cookie: { readonly name: string; readonly value: string }): void;
}

/**
 * Creates the functions that set cookies.
 * @param nowMs the wall clock in milliseconds since the epoch.
 */
export function createSessionCookies(config: SessionCookiesConfig, nowMs: () => number): SessionCookies {
  const { sameSite, domain, publicUrl } = config;

  function set(reply: FastifyReply, name: string, value: string, maxAge: number): void {
    const secure = sameSite === 'none' || (publicUrl ?? `${reply.request.protocol}:`).startsWith('https:');
    reply.setCookie(name, value, {
      ...{ path: '/', httpOnly: true, sameSite, secure, maxAge },
      // Browsers block third-party cookies more and more. A partitioned cookie (CHIPS) still works in a frame: each
      // embedding site has its own.
      ...(sameSite === 'none' && { partitioned: true }),
      ...(domain !== undefined && { domain }),
    });
  }

  return {
    setSession: (reply, { webSessionToken, expiresAtMs }) =>
      set(reply, sessionCookieName, webSessionToken, Math.max(0, Math.floor((expiresAtMs - nowMs()) / 1000))),
    clearSession: (reply) => set(reply, sessionCookieName, '', 0),
    setEntryCookie: (reply, { name, value }) => set(reply, name, value, entryCookieSeconds),
  };
}
