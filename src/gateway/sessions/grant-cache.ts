import { maxKeptChars, type OpenedToken } from '../../tokens/opening/token-cache.ts';
import { type EntryKind, encodeGrant } from './session-token.ts';

/** The text of the grant that a token gives to each of its sessions. */
export type GrantTexts = (token: OpenedToken, kind: EntryKind) => string;

/**
 * Kept with tokens that come again, as long as they are remembered: for one kind of entry, since a link is hardly ever
 * exchanged, too. Long texts are made anew each time: the memory of opened tokens has no room for them.
 */
export function createGrantTexts(): GrantTexts {
  const known = new WeakMap<OpenedToken, { readonly kind: EntryKind; readonly text: string }>();
  return (token, kind) => {
    const kept = token.recalled ? known.get(token) : undefined;
    if (kept?.kind === kind) return kept.text;
    const text = grantTextOf(token, kind);
    if (token.recalled && text.length <= maxKeptChars) known.set(token, { kind, text });
    return text;
  };
}

function grantTextOf(token: OpenedToken, kind: EntryKind): string {
  const { configurationId, organisationId, digest, claims } = token;
  const { subject, tags, carried, expiresAtS, notBeforeS, issuedAtS } = claims;
  return encodeGrant({
    configurationId,
    organisationId,
    subject,
    tags,
    carried,
    tokenDigest: digest,
    tokenTimes: { expiresAtS, notBeforeS, issuedAtS },
    isLinkEntry: kind === 'link',
  });
}
