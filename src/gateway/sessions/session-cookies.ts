import type {} from '@fastify/cookie';
import type { FastifyReply } from 'fastify';
import { entryMarkSeconds } from './entry-cookies.ts';
import { sessionCookieName } from './session-credentials.ts';
import type { Session } from './sessions.ts';

export interface SessionCookiesConfig {
  readonly sameSite: 'lax' | 'strict' | 'none';
  readonly domain: string | undefined;
  /** The address that browsers use, where it is fixed by a setting: tells whether it is https. */
  readonly publicUrl: string | undefined;
}

/** The cookies of a session: one place says how they are set, by a link entry and by a renewal. */
export interface SessionCookies {
  setSession(reply: FastifyReply, session: Pick<Session, 'webSessionToken' | 'expiresAtMs'>): void;
  setEntryMark(reply: FastifyReply, mark: { readonly name: string; readonly value: string }): void;
}

export function createSessionCookies(config: SessionCookiesConfig, nowMs: () => number): SessionCookies {
  const { sameSite, domain, publicUrl } = config;

  function set(reply: FastifyReply, name: string, value: string, maxAge: number): void {
    const secure = sameSite === 'none' || (publicUrl ?? `${reply.request.protocol}:`).startsWith('https:');
    reply.setCookie(name, value, {
      ...{ path: '/', httpOnly: true, sameSite, secure, maxAge },
      // Only in the page that embeds it: cookies of third parties are on their way out (CHIPS).
      ...(sameSite === 'none' && { partitioned: true }),
      ...(domain !== undefined && { domain }),
    });
  }

  return {
    setSession: (reply, { webSessionToken, expiresAtMs }) =>
      set(reply, sessionCookieName, webSessionToken, Math.max(0, Math.floor((expiresAtMs - nowMs()) / 1000))),
    setEntryMark: (reply, { name, value }) => set(reply, name, value, entryMarkSeconds),
  };
}

/** Whether a browser would bring such a cookie to that address; where it is not known what browsers call us, it may. */
export function reaches({ domain, publicUrl }: Omit<SessionCookiesConfig, 'sameSite'>, url: string): boolean {
  const { hostname } = new URL(url);
  if (domain !== undefined) return hostname === domain || hostname.endsWith(`.${domain}`);
  return publicUrl === undefined || new URL(publicUrl).hostname === hostname;
}
