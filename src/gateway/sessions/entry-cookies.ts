import { createHmac } from 'node:crypto';
import type { SharedKey } from '../../platform/sql/shared-keys.ts';
import { isSameText } from './session-credentials.ts';

/**
 * The cookies that mark link entries. A link entry sets one in addition to the session cookie, with a distinct name per
 * session. Links that a browser opens concurrently overwrite each other's session cookie, but not each other's entry
 * cookie. Each page load that follows finds an entry that it belongs to, with any of the sessions.
 */
export interface EntryCookies {
  /** Returns the cookie of an entry. Set it as HttpOnly for `entryCookieSeconds`, else like the session cookie. */
  create(sessionId: string): { readonly name: string; readonly value: string };
  /** Returns the session ids of the first 50 entry cookies, without those that are forged or older than 10 minutes. */
  read(cookies: Readonly<Record<string, string | undefined>>, nowMs: number): string[];
}

/** The time from an entry to its page load: one redirect on a slow network. */
export const entryCookieSeconds = 60;

const namePrefix = 'wat_entry_';
const macChars = 22;
/** Older cookies are ignored. The limit exceeds the cookie's lifetime because the clocks of gateways may differ. */
const maxAgeMs = 10 * entryCookieSeconds * 1000;
const maxCookies = 50;

/**
 * Returns entry cookies, authenticated by an HMAC.
 * @param keys the keys of the session tokens. The first key signs. All keys verify.
 */
export function createEntryCookies(keys: readonly [SharedKey, ...SharedKey[]]): EntryCookies {
  const computeMac = (key: SharedKey, sessionId: string) =>
    createHmac('sha256', key.secret).update(`link entry ${sessionId}`).digest('base64url').slice(0, macChars);

  function verify(value: string, nowMs: number): string | undefined {
    const [sessionId = '', mac = ''] = value.split('.');
    const createdAtMs = Number.parseInt(sessionId.replace('-', '').slice(0, 12), 16);
    // The negated comparison rejects NaN, too.
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
