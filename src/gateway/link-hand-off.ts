import type { FastifyReply } from 'fastify';
import type { EntryMarks } from './entry-marks.ts';
import type { LinkCodes } from './link-codes.ts';
import { addCode } from './link-target.ts';
import type { SessionCookies } from './session-cookies.ts';
import type { Session } from './sessions.ts';

/** How a session that a link has begun gets to the application. Answers where to send the browser. */
export type LinkHandOff = (session: Session, target: string, reply: FastifyReply) => Promise<string>;

/** By a cookie: for an application that the browser finds on this host or below its domain. */
export function handOffByCookie(deps: {
  readonly cookies: SessionCookies;
  readonly entryMarks: EntryMarks;
}): LinkHandOff {
  return async (session, target, reply) => {
    deps.cookies.setSession(reply, session);
    deps.cookies.setEntryMark(reply, deps.entryMarks.cookieOf(session.sessionId));
    return target;
  };
}

/** By a code that the application redeems: for other domains, frames, several links in one browser. */
export function handOffByCode(codes: LinkCodes): LinkHandOff {
  return async (session, target) => addCode(target, await codes.issue(session));
}
