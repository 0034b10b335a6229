import type { Clock } from '../../platform/clock.ts';
import type { KeyringEntry, KeyringKey } from '../configurations/configuration-store.ts';
import { isAcceptedAt, type Keyring } from '../configurations/keyring.ts';
import { readKid } from '../jwe/jwe.ts';
import { createHeaderReader } from '../jwe/jwe-header.ts';
import type { OpenedWith, Opening } from './decrypter.ts';
import { digestOfToken, type OpenedToken, type OpenedTokens } from './token-cache.ts';

/** Why a token was not opened. For metrics and audit; clients get one answer for all of them. */
export type OpeningRefusal = 'malformed' | 'unknown-configuration' | 'disabled' | 'undecryptable' | 'claims';

export type OpeningResult =
  | { readonly ok: true; readonly token: OpenedToken }
  | { readonly ok: false; readonly reason: OpeningRefusal; readonly of?: ConfigurationRef };

/** The configuration that a refused token names, where it is one of ours. */
export type ConfigurationRef = Pick<KeyringEntry, 'configurationId' | 'organisationId'>;

export interface TokenOpener {
  /** Opens a token and checks its claims; says nothing of its times. */
  open(token: string): Promise<OpeningResult>;
}

export interface TokenOpenerDeps {
  readonly keyring: Pick<Keyring, 'find' | 'privateKey' | 'decoy' | 'mostKeys'>;
  readonly opening: Opening;
  readonly openedTokens: OpenedTokens;
  readonly clock: Clock;
}

export function createTokenOpener({ keyring, opening, openedTokens, clock }: TokenOpenerDeps): TokenOpener {
  const headerOf = createHeaderReader();
  const isAccepted = (key: KeyringKey) => isAcceptedAt(key, clock.nowMs());

  /** Why what was opened with a key does not count now; undefined when it does. */
  function refusalNow(configurationId: string, keyId: string): OpeningRefusal | undefined {
    const entry = keyring.find(configurationId);
    if (!entry?.usable) return 'disabled';
    return entry.keys.some((key) => key.id === keyId && isAccepted(key)) ? undefined : 'undecryptable';
  }

  function recall(digest: string): OpenedToken | undefined {
    const remembered = openedTokens.get(digest);
    if (remembered === undefined) return undefined;
    return refusalNow(remembered.configurationId, remembered.keyId) === undefined ? remembered : undefined;
  }

  /** The result of the first key that opens it, else of the last one. */
  async function tryKeys(token: string, entry: KeyringEntry): Promise<{ result: OpenedWith; keyId: string }> {
    const keys = entry.keys.filter(isAccepted);
    let tried: { result: OpenedWith; keyId: string } = {
      result: { ok: false, reason: 'undecryptable' },
      keyId: '',
    };
    for (const key of keys) {
      tried = { result: await opening.open(token, keyring.privateKey(key)), keyId: key.id };
      if (tried.result.ok || !('reason' in tried.result)) return tried;
    }
    await spendRest(token, keys.length);
    return tried;
  }

  /**
   * A token that no key opens takes as long as with the configuration that has most keys: whether it names one that is
   * there, and has an old key besides the new one, is not to be learned from the time.
   */
  async function spendRest(token: string, openings: number): Promise<void> {
    const most = keyring.mostKeys(clock.nowMs());
    for (let spent = openings; spent < most; spent += 1) await opening.open(token, keyring.decoy);
  }

  /** The time of an opening is spent on a token of nobody, too. */
  async function refuseUnknown(token: string): Promise<OpeningResult> {
    const result = await opening.open(token, keyring.decoy);
    await spendRest(token, 1);
    const malformed = !result.ok && 'reason' in result && result.reason === 'malformed';
    return { ok: false, reason: malformed ? 'malformed' : 'unknown-configuration' };
  }

  async function openFor(token: string, digest: string, entry: KeyringEntry): Promise<OpeningResult> {
    const { configurationId, organisationId } = entry;
    const of = { configurationId, organisationId };
    const { result: opened, keyId } = await tryKeys(token, entry);
    if (!opened.ok) return { ok: false, reason: 'reason' in opened ? opened.reason : 'claims', of };
    // Asked after the opening: it may have been disabled or deleted meanwhile, or its key replaced.
    const reason = refusalNow(configurationId, keyId);
    if (reason !== undefined) return { ok: false, reason, of };
    return {
      ok: true,
      token: {
        digest,
        configurationId,
        organisationId,
        keyId,
        claims: opened.claims,
        recalled: false,
      },
    };
  }

  return {
    async open(token) {
      const digest = digestOfToken(token);
      const remembered = recall(digest);
      if (remembered !== undefined) return { ok: true, token: remembered };

      const kid = readKid(token, headerOf);
      if (kid === undefined) return { ok: false, reason: 'malformed' };
      const entry = keyring.find(kid);
      const result = await (entry === undefined ? refuseUnknown(token) : openFor(token, digest, entry));
      if (result.ok) openedTokens.set(result.token);
      return result;
    },
  };
}
