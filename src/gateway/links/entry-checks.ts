import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../platform/errors/errors.ts';
import { gatewayErrors } from '../declarations/errors.ts';
import type { RefuseToken } from '../exchange/metered-exchange.ts';
import { sendNoticePage } from './error-page.ts';
import { canShowPage, isCrossSiteFrame, isPrefetch, isSelfDeclaredBot } from './link-visitors.ts';

export interface EntryChecksConfig {
  /** True if bots that name themselves get a page without a session. */
  readonly refusesBots: boolean;
  /** True if browsers drop a link's session cookie when the link is opened in a frame of another site. */
  readonly losesCookieInFrames: boolean;
}

/** Checks of a link that run before its token is decrypted. If a check fails, the link starts no session. */
export interface EntryChecks {
  /** Rejects prefetches and requests that cannot show a page. Use this method as an `onRequest` hook. */
  rejectOtherLoads(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void;
  /**
   * Sends a page without a session if the client is a bot that names itself. Returns whether it has sent the page.
   * @throws RefusedToken if the link is in a frame of another site and the browser would drop the session cookie.
   */
  hasAnswered(request: FastifyRequest, reply: FastifyReply, token: string): boolean;
}

/** Creates the checks. `refuse` counts a refusal and returns its error. */
export function createEntryChecks(config: EntryChecksConfig, refuse: RefuseToken): EntryChecks {
  return {
    rejectOtherLoads({ headers }, _reply, done) {
      if (isPrefetch(headers)) return done(new AppError(gatewayErrors.prefetch_refused));
      done(canShowPage(headers) ? undefined : new AppError(gatewayErrors.not_a_page_load));
    },

    hasAnswered({ headers }, reply, token) {
      if (config.refusesBots && isSelfDeclaredBot(headers['user-agent'])) {
        refuse('bot', token);
        sendNoticePage(reply, 'Open this link in a browser', 'It leads to a page for its recipient.');
        return true;
      }
      if (config.losesCookieInFrames && isCrossSiteFrame(headers)) throw refuse('cross-site-frame', token);
      return false;
    },
  };
}
