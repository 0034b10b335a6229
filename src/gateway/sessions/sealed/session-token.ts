import type { WatClaims } from '../../../tokens/claims/claims.ts';
import type { RevocableSession } from '../../../tokens/revocation/revocations.ts';
import type { SharedSealing } from './shared-sealing.ts';

/** Data that every session token contains: session id, initialiser and times. */
export interface SessionStamp {
  readonly sessionId: string;
  /**
   * Value that the client sends in a second header. A request is rejected if its initialiser does not belong to its
   * token.
   */
  readonly initialiser: string;
  readonly startedAtMs: number;
  readonly expiresAtMs: number;
  /**
   * Key of the stored grant. Undefined if the token contains the grant, and for sessions of older versions, whose key is
   * the session id.
   */
  readonly grantKey?: string | undefined;
  /** How the client received the token. Undefined for sessions of older versions, which are accepted both ways. */
  readonly handOff?: HandOff | undefined;
}

/** How a client receives and sends a session token: in a cookie, or in headers with the initialiser. */
export type HandOff = 'cookie' | 'headers';

const handOffs: Readonly<Record<HandOff, string>> = { cookie: 'c', headers: 'h' };

/** How a session starts: by an exchange over HTTP, or by a link in a browser. */
export type EntryKind = 'exchange' | 'link';

/** Data of a session that never changes: the viewer, and what the viewer may see. */
export interface SessionGrant {
  readonly configurationId: string;
  readonly organisationId: string;
  readonly subject: string;
  readonly tags: readonly string[];
  /** Identifies the exchanged Web Access Token (OpenedToken.digest). */
  readonly tokenDigest: string;
  /** Times of the Web Access Token. They are checked again when a page load is counted. */
  readonly tokenTimes: Pick<WatClaims, 'expiresAtS' | 'notBeforeS' | 'issuedAtS'>;
  /** True if a link started the session. The first page load is then part of the link entry. */
  readonly isLinkEntry: boolean;
  /** JSON text of grants, language, locale and theme. */
  readonly passthroughClaims: string;
}

export interface SessionClaims extends SessionStamp, SessionGrant {}

/** Returns the data with which `Revocations` decides whether a session has been revoked. */
export function toRevocableSession(claims: SessionClaims): RevocableSession {
  const { sessionId, tokenDigest: digest, configurationId, subject, tokenTimes, startedAtMs } = claims;
  return { sessionId, digest, configurationId, subject, issuedAtS: tokenTimes.issuedAtS, startedAtMs };
}

/** Content of a decrypted session token. */
export interface OpenedSessionToken {
  readonly stamp: SessionStamp;
  /** Undefined if the control store has the grant. */
  readonly grant: SessionGrant | undefined;
}

/** Encrypts and decrypts session tokens. Every gateway can decrypt a token. Clients cannot. */
export interface SessionTokens {
  /** Returns whether a grant fits into a token. */
  fits(grantText: string): boolean;
  /** Returns an encrypted token. Without `grantText`, the grant must be in the control store. */
  seal(stamp: SessionStamp, grantText: string | undefined): string;
  /** Returns the content of a token, or undefined if the token is invalid. */
  open(token: string): OpenedSessionToken | undefined;
}

/**
 * Maximum length of a session token: 4 KiB minus 256 bytes for the cookie's name and attributes. Some browsers count
 * these bytes too (RFC 6265, 6.1).
 */
export const maxTokenChars = 4096 - 256;
/** Maximum length of a stamp without `grantKey`. A token that contains its grant has no `grantKey`. */
const maxStampChars = 128;
const context = 'session-token';

/** Creates a service that encrypts and decrypts session tokens of at most `maxTokenChars` characters. */
export function createSessionTokens(sealing: SharedSealing): SessionTokens {
  const maxGrantBytes = sealing.fittingBytes(maxTokenChars) - maxStampChars - 1;
  return {
    // A UTF-16 code unit has at most three bytes in UTF-8. For most texts this bound is small enough, and the bytes
    // need not be counted.
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
  const isComplete = stamp !== undefined && (end === -1 || grant !== undefined);
  return isComplete ? { stamp, grant } : undefined;
}

/** Encodes a stamp as JSON without `JSON.stringify`, because the gateway's own ids and numbers need no escaping. */
function encodeStamp(stamp: SessionStamp): string {
  const { sessionId, initialiser, startedAtMs, expiresAtMs, grantKey, handOff } = stamp;
  const via = handOff === undefined ? '' : `,"via":"${handOffs[handOff]}"`;
  const key = grantKey === undefined ? '' : `,"key":"${grantKey}"`;
  return `{"sid":"${sessionId}","ini":"${initialiser}","iat":${startedAtMs},"exp":${expiresAtMs}${via}${key}}`;
}

function decodeStamp(text: string): SessionStamp | undefined {
  const { sid, ini, iat, exp, key, via } = parseObject(text);
  if (typeof sid !== 'string' || typeof ini !== 'string') return undefined;
  if (typeof iat !== 'number' || typeof exp !== 'number') return undefined;
  if (key !== undefined && typeof key !== 'string') return undefined;
  return {
    sessionId: sid,
    initialiser: ini,
    startedAtMs: iat,
    expiresAtMs: exp,
    grantKey: key,
    handOff: decodeHandOff(via),
  };
}

/** Decodes how the client received the token. Returns undefined for a token of an older version. */
function decodeHandOff(via: unknown): HandOff | undefined {
  if (via === undefined) return undefined;
  return via === handOffs.cookie ? 'cookie' : 'headers';
}

/**
 * Encodes a grant as two lines of JSON. The first contains the claims that watmeter uses, the second those that it
 * passes through unchanged.
 */
export function encodeGrant(grant: SessionGrant): string {
  const { expiresAtS, notBeforeS, issuedAtS } = grant.tokenTimes;
  const times = JSON.stringify([expiresAtS, notBeforeS, issuedAtS]);
  return (
    `{"cid":"${grant.configurationId}","oid":${JSON.stringify(grant.organisationId)},` +
    `"sub":${JSON.stringify(grant.subject)},"trc":${JSON.stringify(grant.tags)},` +
    `"wat":"${grant.tokenDigest}","times":${times},"link":${grant.isLinkEntry}}\n${grant.passthroughClaims}`
  );
}

/** Decodes a grant. Returns undefined if the text has the format of another version. */
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
    passthroughClaims: text.slice(end + 1),
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
