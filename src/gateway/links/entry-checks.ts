import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../platform/errors/errors.ts';
import { gatewayErrors } from '../declarations/errors.ts';
import type { RefuseToken } from '../exchange/metered-exchange.ts';
import { sendNoticePage } from './error-page.ts';
import { canShowPage, isCrossSiteFrame, isPrefetch, isSelfDeclaredBot } from './link-visitors.ts';

export interface EntryChecksConfig {
  /** Whether self-declared bots get a page without a session. */
  readonly refusesBots: boolean;
  /** Whether the browser drops the session cookie of a link in a frame of another site. */
  readonly losesCookieInFrames: boolean;
}

/** Checks of a link entry that need no decryption. A link that fails one starts no session. */
export interface EntryChecks {
  /** Rejects requests that no person makes. Use it as `onRequest`. */
  rejectOtherLoads(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void;
  /**
   * Sends a neutral page to a self-declared bot and returns true.
   * @throws RefusedToken in a frame of another site if the session cookie would be lost.
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
