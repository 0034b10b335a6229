import { maxTagCodePoints, maxTags } from '../../events/session-event.ts';
import { grantsChars, isObject, type JsonObject, maxGrantsChars } from './json-size.ts';

/** What watmeter acts on, of a token's claims; the rest is carried into the session as it is. */
export interface WatClaims {
  readonly subject: string;
  /** Seconds since the epoch, may have a fraction (RFC 7519, NumericDate); undefined: for ever. */
  readonly expiresAtS: number | undefined;
  readonly notBeforeS: number | undefined;
  readonly issuedAtS: number | undefined;
  /** NFC, without exact duplicates, in the token's order. */
  readonly tags: readonly string[];
  /** JSON text of `grants`, `lng`, `loc` and `thm`, as far as the token has them. */
  readonly carried: string;
}

export type CheckedClaims =
  | { readonly ok: true; readonly claims: WatClaims }
  /** `claim` is for logs and audit; the client only learns that the token is not valid. */
  | { readonly ok: false; readonly claim: string };

export const maxSubjectChars = 1024;

/** Checks the claims that an exchange depends on (docs/reference/http-api.md, Gateway). Pure; knows no time. */
export function checkClaims(payload: unknown): CheckedClaims {
  if (!isObject(payload)) return refused('payload');
  const { sub, exp, nbf, iat, trc, grants } = payload;
  if (!isText(sub, maxSubjectChars)) return refused('sub');
  if (!isInstantOrAbsent(exp)) return refused('exp');
  if (!isInstantOrAbsent(nbf)) return refused('nbf');
  const tags = readTags(trc);
  if (tags === undefined) return refused('trc');
  if (!isGrants(grants)) return refused('grants');
  const carried = stringifyCarried(payload);
  if (carried === undefined) return refused('depth');
  // What is carried holds the text of the grants: only a long one can be over the limit.
  if (carried.length > maxGrantsChars && isObject(grants) && grantsChars(grants) > maxGrantsChars)
    return refused('grants');
  return {
    ok: true,
    claims: {
      subject: sub,
      expiresAtS: exp ?? undefined,
      notBeforeS: nbf ?? undefined,
      issuedAtS: typeof iat === 'number' ? iat : undefined,
      tags,
      carried,
    },
  };
}

export type Validity = 'valid' | 'not-yet-valid' | 'expired';

/** Whether a token may be exchanged at an instant. No leeway: `now < nbf` is too early, `now >= exp` too late. */
export function validityAt(claims: Pick<WatClaims, 'notBeforeS' | 'expiresAtS'>, nowMs: number): Validity {
  // In seconds, as the token says it: 524.287 * 1000 is a little more than 524287.
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

/** An unpaired surrogate has no UTF-8: two such names would become one when they are hashed or stored. */
export function isWellFormed(value: string): boolean {
  return !/\p{Surrogate}/u.test(value);
}

function isInstantOrAbsent(value: unknown): value is number | null | undefined {
  return value === undefined || value === null || (typeof value === 'number' && Number.isFinite(value));
}

function readTags(trc: unknown): string[] | undefined {
  if (trc === undefined) return [];
  if (!Array.isArray(trc) || trc.length > maxTags) return undefined;
  const tags: string[] = [];
  for (const given of trc) {
    const tag = readTag(given);
    if (tag === undefined) return undefined;
    if (!tags.includes(tag)) tags.push(tag);
  }
  return tags;
}

/** Counted after normalising, as the tag is stored; the bound before it only bounds the work. */
export function readTag(given: unknown): string | undefined {
  if (!isText(given, 8 * maxTagCodePoints) || /\p{Cc}/u.test(given)) return undefined;
  const tag = given.normalize('NFC');
  return [...tag].length <= maxTagCodePoints ? tag : undefined;
}

function isGrants(grants: unknown): boolean {
  if (grants === undefined) return true;
  if (!isObject(grants)) return false;
  const { res, flt, acl, prm } = grants;
  const listOf = (value: unknown, isItem: (item: unknown) => boolean) =>
    value === undefined || (Array.isArray(value) && value.every(isItem));
  return (
    listOf(res, (item) => typeof item === 'string') &&
    listOf(flt, isObject) &&
    listOf(acl, isObject) &&
    (prm === undefined || isObject(prm) || listOf(prm, (item) => typeof item === 'string'))
  );
}

/** The claims that are carried, by name. Undefined where they nest deeper than the stack can follow. */
function stringifyCarried(payload: JsonObject): string | undefined {
  const { grants, lng, loc, thm } = payload;
  try {
    // What is undefined is left out.
    return JSON.stringify({ grants, lng, loc, thm });
  } catch {
    return undefined;
  }
}
