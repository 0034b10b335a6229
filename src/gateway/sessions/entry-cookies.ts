import { createHmac } from 'node:crypto';
import type { SharedKey } from '../../platform/sql/shared-keys.ts';
import { isSameText } from './session-credentials.ts';

/**
 * What a link entry leaves in the browser beside the session cookie, under a name of its own: links that are opened at
 * once overwrite each other's session cookie, not each other's mark. So each page load that follows finds an entry that
 * it belongs to, whichever session it comes with.
 */
export interface EntryMarks {
  /** The cookie of an entry. Whoever sets it: HttpOnly, for `entryMarkSeconds`, else as the session cookie. */
  cookieOf(sessionId: string): { readonly name: string; readonly value: string };
  /** The sessions of the marks among these cookies that are ours and not old; a few at most. */
  read(cookies: Readonly<Record<string, string | undefined>>, nowMs: number): string[];
}

/** From an entry to its page load: one redirection, on a slow network. */
export const entryMarkSeconds = 60;

const namePrefix = 'wat_entry_';
const macChars = 22;
/** Older ones are not heeded, even if a browser should send them: clocks of gateways may differ a little. */
const maxAgeMs = 10 * entryMarkSeconds * 1000;
const maxMarks = 50;

/** @param keys those of the session tokens: the first one signs, all are known. */
export function createEntryMarks(keys: readonly [SharedKey, ...SharedKey[]]): EntryMarks {
  const macOf = (key: SharedKey, sessionId: string) =>
    createHmac('sha256', key.secret).update(`link entry ${sessionId}`).digest('base64url').slice(0, macChars);

  function sessionIdOf(value: string, nowMs: number): string | undefined {
    const [sessionId = '', mac = ''] = value.split('.');
    const madeAtMs = Number.parseInt(sessionId.replace('-', '').slice(0, 12), 16);
    // NaN is refused, too.
    if (!(nowMs - madeAtMs <= maxAgeMs)) return undefined;
    return keys.some((key) => isSameText(mac, macOf(key, sessionId))) ? sessionId : undefined;
  }

  return {
    cookieOf: (sessionId) => ({
      name: namePrefix + sessionId.slice(-8),
      value: `${sessionId}.${macOf(keys[0], sessionId)}`,
    }),
    read: (cookies, nowMs) =>
      Object.keys(cookies)
        .filter((name) => name.startsWith(namePrefix))
        .slice(0, maxMarks)
        .map((name) => sessionIdOf(cookies[name] ?? '', nowMs))
        .filter((sessionId) => sessionId !== undefined),
  };
}
