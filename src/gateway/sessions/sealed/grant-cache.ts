import { maxAttachedChars, type OpenedToken } from '../../../tokens/opening/token-cache.ts';
import { type EntryKind, encodeGrant } from './session-token.ts';

/** Returns the encoded grant (`SessionGrant`) for a new session of a token. */
export type EncodeTokenGrant = (token: OpenedToken, kind: EntryKind) => string;

/**
 * Creates an encoder that caches the grant of a cached token, for as long as the token is cached. A token has one
 * cached grant, for the kind of its last entry, because few tokens are used both in links and in exchanges. Long
 * grants are encoded each time, because the memory limit of the token cache does not include them.
 */
export function createCachedGrantEncoder(): EncodeTokenGrant {
  const cache = new WeakMap<OpenedToken, { readonly kind: EntryKind; readonly text: string }>();
  return (token, kind) => {
    const cached = token.isCached ? cache.get(token) : undefined;
    if (cached?.kind === kind) return cached.text;
    const text = encode(token, kind);
    if (token.isCached && text.length <= maxAttachedChars) cache.set(token, { kind, text });
    return text;
  };
}

function encode(token: OpenedToken, kind: EntryKind): string {
  const { configurationId, organisationId, digest, claims } = token;
  const { subject, tags, passthroughClaims, expiresAtS, notBeforeS, issuedAtS } = claims;
  return encodeGrant({
    configurationId,
    organisationId,
    subject,
    tags,
    passthroughClaims,
    tokenDigest: digest,
    tokenTimes: { expiresAtS, notBeforeS, issuedAtS },
    isLinkEntry: kind === 'link',
  });
}
