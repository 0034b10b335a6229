import type { FastifyReply } from 'fastify';
import type { StoreSession } from '../exchange/exchange.ts';
import type { EntryCookies } from '../sessions/entry-cookies.ts';
import type { SessionCookies } from '../sessions/session-cookies.ts';
import type { Session } from '../sessions/sessions.ts';
import type { LinkCodes } from './link-codes.ts';
import { addCode } from './link-target.ts';

/** The hand-off of one link's session to the application. */
export interface PendingHandOff {
  /** Stores the session before it is counted. */
  readonly storeSession?: StoreSession;
  /** Hands a counted session over, and returns the address to which the browser is redirected. */
  finish(session: Session, reply: FastifyReply): string;
}

/** Begins the hand-off of a session to a link target. */
export type LinkHandOff = (target: string) => PendingHandOff;

/** Returns a hand-off by cookie, for an application on this host or below the cookie domain. */
export function handOffByCookie(deps: {
  readonly cookies: SessionCookies;
  readonly entryCookies: EntryCookies;
}): LinkHandOff {
  return (target) => ({
    finish(session, reply) {
      deps.cookies.setSession(reply, session);
      deps.cookies.setEntryCookie(reply, deps.entryCookies.create(session.sessionId));
      return target;
    },
  });
}

/**
 * Returns a hand-off by a code that the application redeems. It also works across domains, in frames, and for several
 * links in one browser. The session is stored before it is counted, so that every counted session can be handed over.
 * The code is revealed after the session is counted, so that every session handed over is counted.
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
