import {
  type PassthroughTexts,
  readShortText,
  splitPassthroughClaims,
} from '../sessions/passthrough-claims.ts';
import type { SessionClaims } from '../sessions/sealed/session-token.ts';

/** Viewer data that applications receive in headers and in the assertion (a signed JWT). */
export interface ViewerAssertion {
  readonly subject: string;
  readonly configurationId: string;
  readonly organisationId: string;
  readonly sessionId: string;
  readonly lng: string | null;
  readonly loc: string | null;
  readonly thm: string | null;
  /** `ref` if the grants are too long for a header. The application then reads them from /api/v1/wat/session/claims. */
  readonly grants: unknown;
}

const maxGrantsChars = 4096;
export const grantsReference = 'ref';

/**
 * Returns the forward-auth headers. Every header is present, and is empty if the token does not have its claim. Pure.
 */
export function viewerHeaders(claims: SessionClaims): Readonly<Record<string, string>> {
  const passthrough = splitPassthroughClaims(claims.passthroughClaims);
  return {
    'x-wat-subject': percentEncode(claims.subject),
    'x-wat-configuration': claims.configurationId,
    'x-wat-organisation': claims.organisationId,
    'x-wat-session': claims.sessionId,
    'x-wat-language': percentEncode(readShortText(passthrough.lng) ?? ''),
    'x-wat-locale': percentEncode(readShortText(passthrough.loc) ?? ''),
    'x-wat-theme': percentEncode(readShortText(passthrough.thm) ?? ''),
    'x-wat-grants': grantsHeader(passthrough),
  };
}

/** Returns the claims of the assertion, which contain the same data as the headers. Pure. */
export function viewerAssertion(claims: SessionClaims): ViewerAssertion {
  const { subject, configurationId, organisationId, sessionId } = claims;
  const passthrough = splitPassthroughClaims(claims.passthroughClaims);
  const header = grantsHeader(passthrough);
  return {
    ...{ subject, configurationId, organisationId, sessionId },
    lng: readShortText(passthrough.lng) ?? null,
    loc: readShortText(passthrough.loc) ?? null,
    thm: readShortText(passthrough.thm) ?? null,
    grants: header === grantsReference ? grantsReference : JSON.parse(passthrough.grants ?? 'null'),
  };
}

function grantsHeader({ grants }: PassthroughTexts): string {
  if (grants === undefined) return '';
  if (grants.length > maxGrantsChars) return grantsReference;
  const header = Buffer.from(grants).toString('base64url');
  return header.length > maxGrantsChars ? grantsReference : header;
}

/** Percent-encodes a text (RFC 3986, 2.1). Lone surrogates become U+FFFD, because UTF-8 cannot encode them. */
function percentEncode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}
