import type { Clock } from '../../platform/clock.ts';
import type { KeyringEntry } from '../configurations/configuration-store.ts';
import { isAcceptedAt, type Keyring } from '../configurations/keyring.ts';
import { readKid } from '../jwe/jwe.ts';
import { createHeaderReader } from '../jwe/jwe-header.ts';
import type { Decrypter, DecryptResult } from './decrypter.ts';
import { digestOfToken, type OpenedToken, type TokenCache } from './token-cache.ts';

/**
 * Why a token cannot be decrypted or is not accepted. The reason is for metrics and the audit log. Clients do not
 * receive it.
 */
export type OpeningRefusal = 'malformed' | 'unknown-configuration' | 'disabled' | 'undecryptable' | 'claims';

export type OpeningResult =
  | { readonly ok: true; readonly token: OpenedToken }
  | { readonly ok: false; readonly reason: OpeningRefusal; readonly configuration?: ConfigurationRef };

/** The configuration whose id is the `kid` of a rejected token. */
export type ConfigurationRef = Pick<KeyringEntry, 'configurationId' | 'organisationId'>;

export interface TokenOpener {
  /** Decrypts a token and validates its claims, without comparing them with the current time. */
  open(token: string): Promise<OpeningResult>;
}

export interface TokenOpenerDeps {
  readonly keyring: Pick<Keyring, 'find' | 'privateKey' | 'decoy' | 'mostKeys'>;
  readonly decrypter: Decrypter;
  readonly tokenCache: TokenCache;
  readonly clock: Clock;
}

/** Creates the token opener of the gateway, which caches tokens and tries all accepted keys of a configuration. */
export function createTokenOpener(deps: TokenOpenerDeps): TokenOpener {
  const { keyring, tokenCache } = deps;
  const headerOf = createHeaderReader();
  return {
    async open(token) {
      const digest = digestOfToken(token);
      const cached = findCached(deps, digest);
      if (cached !== undefined) return { ok: true, token: cached };

      const kid = readKid(token, headerOf);
      if (kid === undefined) return { ok: false, reason: 'malformed' };
      const entry = keyring.find(kid);
      const result = await (entry === undefined
        ? refuseUnknown(deps, token)
        : openFor(deps, token, digest, entry));
      if (result.ok) tokenCache.set(result.token);
      return result;
    },
  };
}

/** Returns a cached token if it is still accepted. */
function findCached(deps: TokenOpenerDeps, digest: string): OpenedToken | undefined {
  const cached = deps.tokenCache.get(digest);
  if (cached === undefined) return undefined;
  const refusal = refusalNow(deps, cached.configurationId, cached.keyId);
  return refusal === undefined ? cached : undefined;
}

/** Returns why a decrypted token is not accepted now, or undefined if it is accepted. */
function refusalNow(
  { keyring, clock }: TokenOpenerDeps,
  configurationId: string,
  keyId: string,
): OpeningRefusal | undefined {
  const entry = keyring.find(configurationId);
  if (!entry?.isUsable) return 'disabled';
  const isAccepted = entry.keys.some((key) => key.id === keyId && isAcceptedAt(key, clock.nowMs()));
  return isAccepted ? undefined : 'undecryptable';
}

async function openFor(
  deps: TokenOpenerDeps,
  token: string,
  digest: string,
  entry: KeyringEntry,
): Promise<OpeningResult> {
  const { configurationId, organisationId } = entry;
  const configuration = { configurationId, organisationId };
  const { result, keyId, decryptions } = await tryKeys(deps, token, entry);
  // The configuration may be disabled, or its key replaced, during the decryption, so it is checked afterwards.
  const reason = result.ok ? refusalNow(deps, configurationId, keyId) : reasonOf(result);
  if (!result.ok || reason !== undefined) {
    await padTime(deps, token, decryptions);
    return { ok: false, reason: reason ?? 'undecryptable', configuration };
  }
  const { claims } = result;
  return { ok: true, token: { digest, configurationId, organisationId, keyId, claims, isCached: false } };
}

/** Result of trying the keys of a configuration: the last decryption, its key, and the number of decryptions. */
interface Attempt {
  readonly result: DecryptResult;
  readonly keyId: string;
  readonly decryptions: number;
}

/**
 * Tries the accepted keys of a configuration, one by one. Returns the result of the first key that decrypts the
 * token, or otherwise the last result.
 */
async function tryKeys(deps: TokenOpenerDeps, token: string, entry: KeyringEntry): Promise<Attempt> {
  const { keyring, decrypter, clock } = deps;
  const keys = entry.keys.filter((key) => isAcceptedAt(key, clock.nowMs()));
  let tried: Attempt = { result: { ok: false, reason: 'undecryptable' }, keyId: '', decryptions: 0 };
  for (const key of keys) {
    const result = await decrypter.decrypt(token, keyring.privateKey(key));
    tried = { result, keyId: key.id, decryptions: tried.decryptions + 1 };
    if (result.ok || reasonOf(result) === 'claims') return tried;
  }
  return tried;
}

/**
 * Decrypts the token with the decoy key as often as needed to take as long as the configuration with the most keys.
 * The duration then reveals neither whether the configuration exists, nor whether it has old keys.
 */
async function padTime(
  { keyring, decrypter, clock }: TokenOpenerDeps,
  token: string,
  decryptions: number,
): Promise<void> {
  const most = keyring.mostKeys(clock.nowMs());
  for (let count = decryptions; count < most; count += 1) await decrypter.decrypt(token, keyring.decoy);
}

/** Rejects a token of an unknown configuration. The rejection takes as long as for a known configuration. */
async function refuseUnknown(deps: TokenOpenerDeps, token: string): Promise<OpeningResult> {
  const result = await deps.decrypter.decrypt(token, deps.keyring.decoy);
  await padTime(deps, token, 1);
  const isMalformed = !result.ok && reasonOf(result) === 'malformed';
  return { ok: false, reason: isMalformed ? 'malformed' : 'unknown-configuration' };
}

function reasonOf(result: Exclude<DecryptResult, { ok: true }>): 'malformed' | 'undecryptable' | 'claims' {
  return 'reason' in result ? result.reason : 'claims';
}
