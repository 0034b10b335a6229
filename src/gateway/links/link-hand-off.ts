import type { FastifyReply } from 'fastify';
import type { StoreSession } from '../exchange/exchange.ts';
import type { EntryCookies } from '../sessions/entry-cookies.ts';
import type { SessionCookies } from '../sessions/session-cookies.ts';
import type { Session } from '../sessions/sessions.ts';
import type { WarnOfLostCookie } from './cookie-warning.ts';
import type { LinkCodes } from './link-codes.ts';
import { addCode } from './link-target.ts';

/** Hands the session of one link over to the application. */
export interface PendingHandOff {
  /** Stores the session before it is counted. */
  readonly storeSession?: StoreSession;
  /** Hands over a counted session and returns the address to which the browser is redirected. */
  finish(session: Session, reply: FastifyReply): string;
}

/** Starts the hand-over of a session to a link target. */
export type LinkHandOff = (target: string) => PendingHandOff;

/** Hands a session over in a cookie. The application must be on this host or below the cookie domain. */
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
 * Hands a session over with a code that the application redeems. This also works across domains, in frames, and for
 * several links in one browser. The session is stored before it is counted, so that every counted session can be handed
 * over. The code is sent after the session is counted, so that every session that is handed over is counted.
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
