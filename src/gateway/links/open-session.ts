import type { FastifyRequest } from 'fastify';
import { AppError } from '../../platform/errors/errors.ts';
import type { OpenedToken } from '../../tokens/opening/token-cache.ts';
import type { SessionClaims } from '../sessions/sealed/session-token.ts';
import { readCredential } from '../sessions/session-credentials.ts';
import type { Sessions } from '../sessions/sessions.ts';

/** Returns the open session that a browser's cookie identifies, or undefined if there is none. */
export type FindOpenSession = (request: FastifyRequest) => Promise<SessionClaims | undefined>;

/**
 * Creates the function that finds the open session. If the session cannot be read, for example because the control
 * store is unavailable, the function returns undefined, so that the link still opens.
 */
export function createSessionFinder(sessions: Pick<Sessions, 'find'>): FindOpenSession {
  return async ({ cookies }) => {
    const credential = readCredential({}, cookies);
    if (credential === undefined) return undefined;
    try {
      return (await sessions.find(credential)).claims;
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
  };
}

/** Returns whether a session and a token belong to the same viewer and token configuration. */
export function isSameViewer(session: SessionClaims, token: OpenedToken): boolean {
  return session.configurationId === token.configurationId && session.subject === token.claims.subject;
}

/**
 * Returns whether the path of a link is a resource that its token grants, or is below one. If the token has no `res`,
 * every path is granted. Pure.
 * @param path the path of the link, percent-encoded. @param passthroughClaims JSON text of the token's claims.
 */
export function isPathGranted(path: string, passthroughClaims: string): boolean {
  const { grants } = JSON.parse(passthroughClaims) as { grants?: { res?: readonly string[] } };
  const res = grants?.res;
  if (res === undefined) return true;
  const decoded = decodeURIComponent(path).replace(/\/$/, '');
  // A link without a path opens the start page of the application, which selects one of the granted resources.
  if (decoded === '') return res.length > 0;
  return res.some((resource) => decoded === resource || decoded.startsWith(`${resource}/`));
}
