import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Session } from './exchange.ts';
import type { LinkCodes } from './link-codes.ts';
import { addCode } from './link-target.ts';
import { type SessionCookieConfig, setSessionCookie } from './session-cookie.ts';

/** How a session that a link has begun gets to the application. Answers where to send the browser. */
export type LinkHandOff = (
  session: Session,
  target: string,
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<string>;

/** By a cookie: for an application that the browser finds on this host or below its domain. */
export function handOffByCookie(config: SessionCookieConfig): LinkHandOff {
  return async (session, target, request, reply) => {
    setSessionCookie(request, reply, session, config);
    return target;
  };
}

/** By a code that the application redeems: for other domains, frames, several links in one browser. */
export function handOffByCode(codes: LinkCodes): LinkHandOff {
  return async (session, target) => addCode(target, await codes.issue(session));
}
