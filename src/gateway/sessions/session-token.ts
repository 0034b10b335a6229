import type { WatClaims } from '../../tokens/claims/claims.ts';
import type { RevocableSession } from '../../tokens/revocation/revocations.ts';
import type { SharedSealing } from './shared-sealing.ts';

/** What differs from one token of a session to the next: the times, and what binds the token to its client. */
export interface SessionStamp {
  readonly sessionId: string;
  /** Must come back beside the token: binds the two headers of a client together. */
  readonly initialiser: string;
  readonly startedAtMs: number;
  readonly expiresAtMs: number;
}

/** How a session was opened: by an exchange over HTTP, or by a link in a browser. */
export type EntryKind = 'exchange' | 'link';

/** What stays the same as long as a session lives: who it is, and what the application may show. */
export interface SessionGrant {
  readonly configurationId: string;
  readonly organisationId: string;
  readonly subject: string;
  readonly tags: readonly string[];
  /** The web access token that was exchanged (OpenedToken.digest). */
  readonly tokenDigest: string;
  /** Its times: asked again at page loads. */
  readonly tokenTimes: Pick<WatClaims, 'expiresAtS' | 'notBeforeS' | 'issuedAtS'>;
  /** Opened by a link: then the first page load belongs to it. */
  readonly isLinkEntry: boolean;
  /** JSON text of grants, language, locale and theme. */
  readonly carried: string;
}

export interface SessionClaims extends SessionStamp, SessionGrant {}

/** A session as revocations know it. */
export function revocableOf(claims: SessionClaims): RevocableSession {
  const { tokenDigest, configurationId, subject, tokenTimes, startedAtMs } = claims;
  return { digest: tokenDigest, configurationId, subject, issuedAtS: tokenTimes.issuedAtS, startedAtMs };
}

/** A session token that was opened. Without a grant, that lies in the control store. */
export interface OpenedSessionToken {
  readonly stamp: SessionStamp;
  readonly grant: SessionGrant | undefined;
}

/** Makes and opens session tokens: opaque to browsers, and the same for all gateways. */
export interface SessionTokens {
  /** Whether a grant has room in the token itself. */
  fits(grantText: string): boolean;
  /** Without the text of a grant the token is a reference to one that is kept elsewhere. */
  seal(stamp: SessionStamp, grantText: string | undefined): string;
  /** Undefined for anything that is no session token of ours: one answer for every fault. */
  open(token: string): OpenedSessionToken | undefined;
}

/** 4 KiB, less what a cookie has beside its value: name and attributes count in some browsers (RFC 6265, 6.1). */
export const maxTokenChars = 4096 - 256;
const maxStampChars = 128;
const context = 'session-token';

export function createSessionTokens(sealing: SharedSealing): SessionTokens {
  const maxGrantBytes = sealing.fittingBytes(maxTokenChars) - maxStampChars - 1;
  return {
    // Three bytes at most for each UTF-16 unit: most texts need not be counted.
    fits: (grantText) =>
      3 * grantText.length <= maxGrantBytes || Buffer.byteLength(grantText) <= maxGrantBytes,
    seal(stamp, grantText) {
      const head = encodeStamp(stamp);
      return sealing.seal(grantText === undefined ? head : `${head}\n${grantText}`, context);
    },
    open(token) {
      const text = token.length > maxTokenChars ? undefined : sealing.open(token, context);
      return text === undefined ? undefined : decode(text);
    },
  };
}

function decode(text: string): OpenedSessionToken | undefined {
  const end = text.indexOf('\n');
  const stamp = decodeStamp(end === -1 ? text : text.slice(0, end));
  const grant = end === -1 ? undefined : decodeGrant(text.slice(end + 1));
  const isWhole = stamp !== undefined && (end === -1 || grant !== undefined);
  return isWhole ? { stamp, grant } : undefined;
}

/** JSON by hand: ids and numbers are our own and need no escaping. */
function encodeStamp({ sessionId, initialiser, startedAtMs, expiresAtMs }: SessionStamp): string {
  return `{"sid":"${sessionId}","ini":"${initialiser}","iat":${startedAtMs},"exp":${expiresAtMs}}`;
}

function decodeStamp(text: string): SessionStamp | undefined {
  const { sid, ini, iat, exp } = parseObject(text);
  if (typeof sid !== 'string' || typeof ini !== 'string') return undefined;
  if (typeof iat !== 'number' || typeof exp !== 'number') return undefined;
  return { sessionId: sid, initialiser: ini, startedAtMs: iat, expiresAtMs: exp };
}

/** Two lines of JSON: the claims that watmeter acts on, and those that are carried, as they are. */
export function encodeGrant(grant: SessionGrant): string {
  const { expiresAtS, notBeforeS, issuedAtS } = grant.tokenTimes;
  const times = JSON.stringify([expiresAtS, notBeforeS, issuedAtS]);
  return (
    `{"cid":"${grant.configurationId}","oid":${JSON.stringify(grant.organisationId)},` +
    `"sub":${JSON.stringify(grant.subject)},"trc":${JSON.stringify(grant.tags)},` +
    `"wat":"${grant.tokenDigest}","times":${times},"link":${grant.isLinkEntry}}\n${grant.carried}`
  );
}

/** Undefined for a text of another version. */
export function decodeGrant(text: string): SessionGrant | undefined {
  const end = text.indexOf('\n');
  const { cid, oid, sub, trc, wat, times, link } = parseObject(text.slice(0, end));
  if (end === -1 || typeof cid !== 'string' || typeof oid !== 'string' || typeof sub !== 'string')
    return undefined;
  if (!Array.isArray(trc) || typeof wat !== 'string' || !Array.isArray(times)) return undefined;
  const [exp, nbf, iat] = (times as (number | null)[]).map((time) => time ?? undefined);
  return {
    ...{ configurationId: cid, organisationId: oid, subject: sub, tags: trc as string[], tokenDigest: wat },
    tokenTimes: { expiresAtS: exp, notBeforeS: nbf, issuedAtS: iat },
    isLinkEntry: link === true,
    carried: text.slice(end + 1),
  };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
