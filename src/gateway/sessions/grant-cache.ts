import { maxAttachedChars, type OpenedToken } from '../../tokens/opening/token-cache.ts';
import { type EntryKind, encodeGrant } from './session-token.ts';

/** Returns the encoded grant (`SessionGrant`) that each session of a token receives. */
export type EncodeTokenGrant = (token: OpenedToken, kind: EntryKind) => string;

/**
 * Creates an encoder that caches the grant of a cached token as long as the token is cached. It caches only one grant
 * per token, of the last `EntryKind`, because a token is rarely used both in a link and in an exchange. Long grants are
 * encoded each time, because the memory limit of the token cache does not include them.
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
