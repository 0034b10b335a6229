import { type CarriedTexts, shortTextOf, splitCarried } from '../sessions/passthrough-claims.ts';
import type { SessionClaims } from '../sessions/session-token.ts';

/** Who a viewer is, for applications: in headers, and in the assertion. */
export interface ViewerAssertion {
  readonly subject: string;
  readonly configurationId: string;
  readonly organisationId: string;
  readonly sessionId: string;
  readonly lng: string | null;
  readonly loc: string | null;
  readonly thm: string | null;
  /** `ref`: too long for a header, to be asked for at /api/v1/wat/session/claims. */
  readonly grants: unknown;
}

const maxGrantsChars = 4096;
export const grantsReference = 'ref';

/** The headers of forward-auth: every one always there, empty where there is nothing. Pure. */
export function viewerHeaders(claims: SessionClaims): Readonly<Record<string, string>> {
  const carried = splitCarried(claims.carried);
  return {
    'x-wat-subject': percentEncoded(claims.subject),
    'x-wat-configuration': claims.configurationId,
    'x-wat-organisation': claims.organisationId,
    'x-wat-session': claims.sessionId,
    'x-wat-language': percentEncoded(shortTextOf(carried.lng) ?? ''),
    'x-wat-locale': percentEncoded(shortTextOf(carried.loc) ?? ''),
    'x-wat-theme': percentEncoded(shortTextOf(carried.thm) ?? ''),
    'x-wat-grants': grantsHeader(carried),
  };
}

/** The same for the assertion. Pure. */
export function viewerAssertion(claims: SessionClaims): ViewerAssertion {
  const { subject, configurationId, organisationId, sessionId } = claims;
  const carried = splitCarried(claims.carried);
  const header = grantsHeader(carried);
  return {
    ...{ subject, configurationId, organisationId, sessionId },
    lng: shortTextOf(carried.lng) ?? null,
    loc: shortTextOf(carried.loc) ?? null,
    thm: shortTextOf(carried.thm) ?? null,
    grants: header === grantsReference ? grantsReference : JSON.parse(carried.grants ?? 'null'),
  };
}

function grantsHeader({ grants }: CarriedTexts): string {
  if (grants === undefined) return '';
  if (grants.length > maxGrantsChars) return grantsReference;
  const header = Buffer.from(grants).toString('base64url');
  return header.length > maxGrantsChars ? grantsReference : header;
}

/** RFC 3986, 2.1. Halves of characters have no UTF-8: they become the replacement character. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}
