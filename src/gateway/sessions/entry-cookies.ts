import { createHmac } from 'node:crypto';
import type { SharedKey } from '../../platform/sql/shared-keys.ts';
import { isSameText } from './session-credentials.ts';

/**
 * Cookies that identify link entries. A link sets an entry cookie in addition to the session cookie, with a different
 * name for each session. If a browser opens several links simultaneously, their session cookies overwrite each other,
 * but their entry cookies do not. A page load can therefore be matched to its link entry even if its session cookie
 * belongs to another link.
 */
export interface EntryCookies {
  /**
   * Returns the cookie of a link entry. Set it as HttpOnly for `entryCookieSeconds`, with the same other attributes
   * as the session cookie.
   */
  create(sessionId: string): { readonly name: string; readonly value: string };
  /**
   * Returns the session ids in the first 50 entry cookies. Forged cookies and cookies older than 10 minutes are
   * ignored.
   */
  read(cookies: Readonly<Record<string, string | undefined>>, nowMs: number): string[];
}

/** Maximum time between a link entry and its page load: one redirect on a slow network. */
export const entryCookieSeconds = 60;

const namePrefix = 'wat_entry_';
const macChars = 22;
/**
 * Maximum age of an entry cookie. It is longer than the cookie's lifetime, because the clocks of gateways may differ.
 */
const maxAgeMs = 10 * entryCookieSeconds * 1000;
const maxCookies = 50;

/**
 * Creates entry cookies, authenticated with an HMAC.
 * @param keys the keys of session tokens. The first key signs. All keys verify.
 */
export function createEntryCookies(keys: readonly [SharedKey, ...SharedKey[]]): EntryCookies {
  const computeMac = (key: SharedKey, sessionId: string) =>
    createHmac('sha256', key.secret).update(`link entry ${sessionId}`).digest('base64url').slice(0, macChars);

  function verify(value: string, nowMs: number): string | undefined {
    const [sessionId = '', mac = ''] = value.split('.');
    const createdAtMs = Number.parseInt(sessionId.replace('-', '').slice(0, 12), 16);
    // `!(a <= b)` is used instead of `a > b` to reject NaN too.
    if (!(nowMs - createdAtMs <= maxAgeMs)) return undefined;
    return keys.some((key) => isSameText(mac, computeMac(key, sessionId))) ? sessionId : undefined;
  }

  return {
    create: (sessionId) => ({
      name: namePrefix + sessionId.slice(-8),
      value: `${sessionId}.${computeMac(keys[0], sessionId)}`,
    }),
    read: (cookies, nowMs) =>
      Object.keys(cookies)
        .filter((name) => name.startsWith(namePrefix))
        .slice(0, maxCookies)
        .map((name) => verify(cookies[name] ?? '', nowMs))
        .filter((sessionId) => sessionId !== undefined),
  };
}
