import { createHmac } from 'node:crypto';
import type { OpenedToken } from '../../tokens/opening/token-cache.ts';

/** Whose subject it is: an opened token, or as much of a session. */
export interface Viewed {
  readonly organisationId: string;
  /** It will be asked again (OpenedToken.recalled). */
  readonly recalled: boolean;
  readonly claims: Pick<OpenedToken['claims'], 'subject'>;
}

/** The pseudonym of a token's subject. */
export type ViewerOf = (token: Viewed) => string;

/**
 * HMAC-SHA-256 of the subject under the organisation's key, 32 hex digits: distinct viewers can be counted, names
 * never leave the gateway, and destroying the key forgets them all. Kept with tokens that come again, as long as
 * they are remembered.
 */
export function createViewerOf(keyOf: (organisationId: string) => Uint8Array): ViewerOf {
  const known = new WeakMap<Viewed, string>();
  return (token) => {
    let viewer = token.recalled ? known.get(token) : undefined;
    if (viewer === undefined) {
      const digest = createHmac('sha256', keyOf(token.organisationId))
        .update(token.claims.subject)
        .digest('hex');
      viewer = digest.slice(0, 32);
      if (token.recalled) known.set(token, viewer);
    }
    return viewer;
  };
}
