import { createHmac } from 'node:crypto';
import type { SharedKey } from '../../platform/sql/shared-keys.ts';
import { isSameText } from './session-credentials.ts';

/**
 * Cookies that identify link entries. A link entry sets one in addition to the session cookie, with a different name
 * for each session. If a browser opens several links at once, their session cookies overwrite each other, but their
 * entry cookies do not. The next page load can therefore be matched to an entry, whichever session cookie it has.
 */
export interface EntryCookies {
  /**
   * Returns the cookie of an entry. Set it as HttpOnly for `entryCookieSeconds`, with the session cookie's other
   * attributes.
   */
  create(sessionId: string): { readonly name: string; readonly value: string };
  /**
   * Returns the session ids of the first 50 entry cookies. Cookies that are forged or older than 10 minutes are
   * ignored.
   */
  read(cookies: Readonly<Record<string, string | undefined>>, nowMs: number): string[];
}

/** Maximum time from an entry to its page load: one redirect on a slow network. */
export const entryCookieSeconds = 60;

const namePrefix = 'wat_entry_';
const macChars = 22;
/** Older cookies are ignored. The limit exceeds the cookie's lifetime, because the clocks of gateways may differ. */
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
    // The negated comparison also rejects NaN.
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
