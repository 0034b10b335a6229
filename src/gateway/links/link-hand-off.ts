import type { FastifyReply } from 'fastify';
import type { KeepSession } from '../exchange/exchange.ts';
import type { EntryMarks } from '../sessions/entry-cookies.ts';
import type { SessionCookies } from '../sessions/session-cookies.ts';
import type { Session } from '../sessions/sessions.ts';
import type { LinkCodes } from './link-codes.ts';
import { addCode } from './link-target.ts';

/** How the session of one link gets to the application. */
export interface HandingOff {
  /** What has to be done before the session is counted. */
  readonly keep?: KeepSession;
  /** Hands a session over that has been counted, and answers where to send the browser. */
  finish(session: Session, reply: FastifyReply): string;
}

export type LinkHandOff = (target: string) => HandingOff;

/** By a cookie: for an application that the browser finds on this host or below its domain. */
export function handOffByCookie(deps: {
  readonly cookies: SessionCookies;
  readonly entryMarks: EntryMarks;
}): LinkHandOff {
  return (target) => ({
    finish(session, reply) {
      deps.cookies.setSession(reply, session);
      deps.cookies.setEntryMark(reply, deps.entryMarks.cookieOf(session.sessionId));
      return target;
    },
  });
}

/**
 * By a code that the application redeems: for other domains, frames, several links in one browser. It is kept first, so
 * that nothing is counted which the control store cannot hand over; and told last, so that nothing is handed over which
 * is not counted.
 */
export function handOffByCode(codes: LinkCodes): LinkHandOff {
  return (target) => {
    let code = '';
    return {
      async keep(session) {
        code = await codes.issue(session);
      },
      finish: () => addCode(target, code),
    };
  };
}
