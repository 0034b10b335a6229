import { maxTagCodePoints, maxTags } from '../../events/session-event.ts';
import { grantsChars, isObject, type JsonObject, maxGrantsChars, maxOtherChars } from './json-size.ts';
import { withoutNullMembers } from './null-claims.ts';

/** The claims that watmeter uses, and the JSON text of the claims that it copies into the session. */
export interface WatClaims {
  readonly subject: string;
  /**
   * Seconds since the epoch, possibly with a fraction (RFC 7519, NumericDate). Undefined if the token never expires.
   */
  readonly expiresAtS: number | undefined;
  readonly notBeforeS: number | undefined;
  readonly issuedAtS: number | undefined;
  /** Tracking tags in NFC, without duplicates, in the order of the token. */
  readonly tags: readonly string[];
  /** JSON text of an object with those of the claims `grants`, `lng`, `loc` and `thm` that the token has. */
  readonly passthroughClaims: string;
}

export type CheckedClaims =
  | { readonly ok: true; readonly claims: WatClaims }
  /** The name of the invalid claim, for logs and the audit log. Clients learn only that the token is invalid. */
  | { readonly ok: false; readonly claim: string };

export const maxSubjectChars = 1024;

/**
 * Validates the claims that an exchange depends on (docs/reference/claims.md). Returns the claims, or the name of an
 * invalid claim. Pure. It does not compare claims with the current time.
 */
export function checkClaims(payload: unknown): CheckedClaims {
  if (!isObject(payload)) return refused('payload');
  const { sub, exp, nbf, iat, trc, grants } = payload;
  if (!isText(sub, maxSubjectChars)) return refused('sub');
  if (!isInstantOrAbsent(exp)) return refused('exp');
  if (!isInstantOrAbsent(nbf)) return refused('nbf');
  const tags = readTags(trc);
  if (tags === undefined) return refused('trc');
  if (!isGrants(grants)) return refused('grants');
  const passthroughClaims = stringifyPassthrough(payload);
  if (passthroughClaims === undefined) return refused('depth');
  const oversized = findOversized(passthroughClaims, grants);
  if (oversized !== undefined) return refused(oversized);
  return {
    ok: true,
    claims: {
      subject: sub,
      expiresAtS: exp ?? undefined,
      notBeforeS: nbf ?? undefined,
      issuedAtS: typeof iat === 'number' ? iat : undefined,
      tags,
      passthroughClaims,
    },
  };
}

export type Validity = 'valid' | 'not-yet-valid' | 'expired';

/**
 * Returns whether a token may be exchanged at an instant. There is no tolerance: if `now < nbf`, the token is not yet
 * valid, and if `now >= exp`, it has expired.
 */
export function validityAt(claims: Pick<WatClaims, 'notBeforeS' | 'expiresAtS'>, nowMs: number): Validity {
  // The comparison uses seconds, the unit of the token. In milliseconds it would be inexact: 524.287 * 1000 is
  // slightly more than 524287.
  const nowS = nowMs / 1000;
  if (claims.notBeforeS !== undefined && nowS < claims.notBeforeS) return 'not-yet-valid';
  if (claims.expiresAtS !== undefined && nowS >= claims.expiresAtS) return 'expired';
  return 'valid';
}

function refused(claim: string): CheckedClaims {
  return { ok: false, claim };
}

function isText(value: unknown, maxChars: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= maxChars && isWellFormed(value);
}

/**
 * Returns whether UTF-8 can encode a text. UTF-8 cannot encode an unpaired surrogate. Two texts with different
 * unpaired surrogates would become equal when they are hashed or stored.
 */
export function isWellFormed(value: string): boolean {
  return !/\p{Surrogate}/u.test(value);
}

function isInstantOrAbsent(value: unknown): value is number | null | undefined {
  return value === undefined || value === null || (typeof value === 'number' && Number.isFinite(value));
}

function readTags(trc: unknown): string[] | undefined {
  if (trc === undefined || trc === null) return [];
  if (!Array.isArray(trc) || trc.length > maxTags) return undefined;
  const tags: string[] = [];
  for (const value of trc) {
    const tag = readTag(value);
    if (tag === undefined) return undefined;
    if (!tags.includes(tag)) tags.push(tag);
  }
  return tags;
}

/**
 * Returns a tag in NFC, or undefined if the tag is invalid. The length limit applies to the normalised tag, because
 * it is stored. A length check before normalising limits the work.
 */
export function readTag(value: unknown): string | undefined {
  if (!isText(value, 8 * maxTagCodePoints) || /\p{Cc}/u.test(value)) return undefined;
  const tag = value.normalize('NFC');
  return [...tag].length <= maxTagCodePoints ? tag : undefined;
}

function isGrants(grants: unknown): boolean {
  if (grants === undefined || grants === null) return true;
  if (!isObject(grants)) return false;
  const { res, flt, acl, prm } = grants;
  const listOf = (value: unknown, isItem: (item: unknown) => boolean) =>
    value === undefined || value === null || (Array.isArray(value) && value.every(isItem));
  return (
    listOf(res, (item) => typeof item === 'string') &&
    listOf(flt, isObject) &&
    listOf(acl, isObject) &&
    (isObject(prm) || listOf(prm, (item) => typeof item === 'string'))
  );
}

/**
 * Returns the length of the passthrough claims as JSON text, without `prm`, `res`, `flt` and `acl`. Returns 0 if the
 * payload is nested too deeply.
 */
export function otherPassthroughChars(payload: JsonObject): number {
  const passthroughClaims = stringifyPassthrough(payload);
  return passthroughClaims === undefined ? 0 : otherChars(passthroughClaims, payload['grants']);
}

/** Returns the limit that the passthrough claims exceed (`grants` or `size`), or undefined. */
function findOversized(passthroughClaims: string, grants: unknown): string | undefined {
  // `passthroughClaims` contains the grants. If all of it is within the smaller limit, each part is within its limit, and
  // the sizes of the parts need not be computed.
  if (passthroughClaims.length <= maxOtherChars) return undefined;
  if (isObject(grants) && grantsChars(grants) > maxGrantsChars) return 'grants';
  return otherChars(passthroughClaims, grants) > maxOtherChars ? 'size' : undefined;
}

function otherChars(passthroughClaims: string, grants: unknown): number {
  return passthroughClaims.length - (isObject(grants) ? grantsChars(withoutNullMembers(grants)) : 0);
}

/** Returns the JSON text of the claims that a session passes through, or undefined if they are too deeply nested. */
function stringifyPassthrough(payload: JsonObject): string | undefined {
  const { grants, lng, loc, thm } = payload;
  try {
    // null means absent. JSON.stringify omits undefined members, and throws if the claims are nested too deeply.
    return JSON.stringify({
      grants: isObject(grants) ? withoutNullMembers(grants) : undefined,
      ...{ lng: lng ?? undefined, loc: loc ?? undefined, thm: thm ?? undefined },
    });
  } catch {
    return undefined;
  }
}
