import type { Clock } from '../platform/clock.ts';
import { checkClaims } from './claims.ts';
import type { KeyringEntry, KeyringKey } from './configuration-store.ts';
import { openJwe, type ParsedJwe, parseJwe } from './jwe.ts';
import type { Keyring } from './keyring.ts';
import type { OpenedToken, OpenedTokens } from './opened-tokens.ts';

/** Why a token was not opened. For metrics and audit; clients get one answer for all of them. */
export type OpeningRefusal = 'malformed' | 'unknown-configuration' | 'disabled' | 'undecryptable' | 'claims';

export type OpeningResult =
  | { readonly ok: true; readonly token: OpenedToken }
  | { readonly ok: false; readonly reason: OpeningRefusal; readonly organisationId?: string };

export interface TokenOpener {
  /** Opens a token and checks its claims; says nothing of its times. */
  open(token: string): Promise<OpeningResult>;
}

export function createTokenOpener(deps: {
  keyring: Keyring;
  openedTokens: OpenedTokens;
  clock: Clock;
}): TokenOpener {
  const { keyring, openedTokens, clock } = deps;

  const isAccepted = (key: KeyringKey) =>
    key.acceptedUntilMs === undefined || clock.nowMs() < key.acceptedUntilMs;

  function recall(token: string): OpenedToken | undefined {
    const remembered = openedTokens.get(token);
    const entry = remembered && keyring.find(remembered.configurationId);
    const counts = entry?.usable && entry.keys.some((key) => key.id === remembered?.keyId && isAccepted(key));
    return counts ? remembered : undefined;
  }

  async function decrypt(jwe: ParsedJwe, entry: KeyringEntry | undefined) {
    for (const key of entry?.keys.filter(isAccepted) ?? []) {
      const payload = await openJwe(jwe, await keyring.openingKey(key));
      if (payload !== undefined) return { payload, keyId: key.id };
    }
    // The time of an opening is spent on a token of nobody, too.
    if (entry === undefined) await openJwe(jwe, keyring.decoy);
    return undefined;
  }

  return {
    async open(token) {
      const remembered = recall(token);
      if (remembered !== undefined) return { ok: true, token: remembered };

      const jwe = parseJwe(token);
      if (jwe === undefined) return { ok: false, reason: 'malformed' };
      const entry = keyring.find(jwe.kid);
      const decrypted = await decrypt(jwe, entry);
      if (entry === undefined) return { ok: false, reason: 'unknown-configuration' };
      const { configurationId, organisationId } = entry;
      if (decrypted === undefined) return { ok: false, reason: 'undecryptable', organisationId };
      // Asked again after the decryption: it may have been disabled or deleted meanwhile.
      if (!keyring.find(jwe.kid)?.usable) return { ok: false, reason: 'disabled', organisationId };
      const checked = checkClaims(decrypted.payload);
      if (!checked.ok) return { ok: false, reason: 'claims', organisationId };

      const opened = { configurationId, organisationId, keyId: decrypted.keyId, claims: checked.claims };
      openedTokens.set(token, opened);
      return { ok: true, token: opened };
    },
  };
}
