import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Session } from './exchange.ts';

/** Holds a session token, for applications to which the browser itself brings it. */
export const sessionCookie = 'wat_session';

export interface SessionCookieConfig {
  /** The address that browsers use, where it is fixed by a setting. */
  readonly publicUrl: string | undefined;
  readonly sameSite: 'lax' | 'strict' | 'none';
  readonly domain: string | undefined;
}

/** Hands a session to the browser; scripts cannot read it. */
export function setSessionCookie(
  { protocol }: FastifyRequest,
  reply: FastifyReply,
  { webSessionToken, expiresAtMs }: Pick<Session, 'webSessionToken' | 'expiresAtMs'>,
  { publicUrl, sameSite, domain }: SessionCookieConfig,
): void {
  reply.setCookie(sessionCookie, webSessionToken, {
    path: '/',
    httpOnly: true,
    secure: sameSite === 'none' || (publicUrl ?? `${protocol}:`).startsWith('https:'),
    sameSite,
    // In a frame of another site browsers keep a cookie only if it is the frame's there and nowhere else (CHIPS).
    partitioned: sameSite === 'none',
    expires: new Date(expiresAtMs),
    ...(domain !== undefined && { domain }),
  });
}
