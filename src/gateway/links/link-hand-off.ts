import type { FastifyReply } from 'fastify';
import type { StoreSession } from '../exchange/exchange.ts';
import type { EntryCookies } from '../sessions/entry-cookies.ts';
import type { SessionCookies } from '../sessions/session-cookies.ts';
import type { Session } from '../sessions/sessions.ts';
import type { WarnOfLostCookie } from './cookie-warning.ts';
import type { LinkCodes } from './link-codes.ts';
import { addCode } from './link-target.ts';

/** Passes the session of one link to the application. */
export interface PendingHandOff {
  /** Stores the session before the session is counted. */
  readonly storeSession?: StoreSession;
  /** Passes a counted session to the application, and returns the address to which the browser is redirected. */
  finish(session: Session, reply: FastifyReply): string;
}

/** Starts the hand-off of a session to a link target. */
export type LinkHandOff = (target: string) => PendingHandOff;

/** Passes a session in a cookie. The application must be on the link's host or below the cookie domain. */
export function handOffByCookie(deps: {
  readonly cookies: SessionCookies;
  readonly entryCookies: EntryCookies;
  readonly warnOfLostCookie: WarnOfLostCookie;
}): LinkHandOff {
  return (target) => ({
    finish(session, reply) {
      deps.cookies.setSession(reply, session);
      deps.cookies.setEntryCookie(reply, deps.entryCookies.create(session.sessionId));
      deps.warnOfLostCookie(reply.request.hostname);
      return target;
    },
  });
}

/**
 * Passes a session by a code that the application redeems. A code also works across domains, in frames, and for
 * several links in one browser. The session is stored before it is counted, so that every counted session can be
 * redeemed. The code is sent after the session is counted, so that every redeemed session is counted.
 */
export function handOffByCode(codes: LinkCodes): LinkHandOff {
  return (target) => {
    let code = '';
    return {
      async storeSession(session) {
        code = await codes.issue(session);
      },
      finish: () => addCode(target, code),
    };
  };
}
