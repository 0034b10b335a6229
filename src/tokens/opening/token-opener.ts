import type { Clock } from '../../platform/clock.ts';
import type { KeyringEntry } from '../configurations/configuration-store.ts';
import { isAcceptedAt, type Keyring } from '../configurations/keyring.ts';
import { readKid } from '../jwe/jwe.ts';
import { createHeaderReader } from '../jwe/jwe-header.ts';
import type { OpenedWith, Opening } from './decrypter.ts';
import { digestOfToken, type OpenedToken, type OpenedTokens } from './token-cache.ts';

/** Why a token was not opened, for metrics and the audit log. Clients get the same answer for every reason. */
export type OpeningRefusal = 'malformed' | 'unknown-configuration' | 'disabled' | 'undecryptable' | 'claims';

export type OpeningResult =
  | { readonly ok: true; readonly token: OpenedToken }
  | { readonly ok: false; readonly reason: OpeningRefusal; readonly of?: ConfigurationRef };

/** The known configuration that a refused token names. */
export type ConfigurationRef = Pick<KeyringEntry, 'configurationId' | 'organisationId'>;

export interface TokenOpener {
  /** Opens a token and checks its claims, except whether it is valid now. */
  open(token: string): Promise<OpeningResult>;
}

export interface TokenOpenerDeps {
  readonly keyring: Pick<Keyring, 'find' | 'privateKey' | 'decoy' | 'mostKeys'>;
  readonly opening: Opening;
  readonly openedTokens: OpenedTokens;
  readonly clock: Clock;
}

/** Returns the opener of a gateway, which caches tokens and tries all keys of a configuration. */
export function createTokenOpener(deps: TokenOpenerDeps): TokenOpener {
  const { keyring, openedTokens } = deps;
  const headerOf = createHeaderReader();
  return {
    async open(token) {
      const digest = digestOfToken(token);
      const cached = recall(deps, digest);
      if (cached !== undefined) return { ok: true, token: cached };

      const kid = readKid(token, headerOf);
      if (kid === undefined) return { ok: false, reason: 'malformed' };
      const entry = keyring.find(kid);
      const result = await (entry === undefined
        ? refuseUnknown(deps, token)
        : openFor(deps, token, digest, entry));
      if (result.ok) openedTokens.set(result.token);
      return result;
    },
  };
}

/** Returns a cached token if it would be accepted now. */
function recall(deps: TokenOpenerDeps, digest: string): OpenedToken | undefined {
  const cached = deps.openedTokens.get(digest);
  if (cached === undefined) return undefined;
  const refusal = refusalNow(deps, cached.configurationId, cached.keyId);
  return refusal === undefined ? cached : undefined;
}

/** Returns why a token that a key opened is not accepted now, or undefined when it is. */
function refusalNow(
  { keyring, clock }: TokenOpenerDeps,
  configurationId: string,
  keyId: string,
): OpeningRefusal | undefined {
  const entry = keyring.find(configurationId);
  if (!entry?.usable) return 'disabled';
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
  const of = { configurationId, organisationId };
  const { result, keyId } = await tryKeys(deps, token, entry);
  if (!result.ok) return { ok: false, reason: reasonOf(result), of };
  // Checked after the opening, because a change during it may disable or delete the configuration or replace its key.
  const reason = refusalNow(deps, configurationId, keyId);
  if (reason !== undefined) return { ok: false, reason, of };
  const { claims } = result;
  return { ok: true, token: { digest, configurationId, organisationId, keyId, claims, recalled: false } };
}

/** Returns the result of the first key that opens the token, or of the last key. */
async function tryKeys(
  deps: TokenOpenerDeps,
  token: string,
  entry: KeyringEntry,
): Promise<{ result: OpenedWith; keyId: string }> {
  const { keyring, opening, clock } = deps;
  const keys = entry.keys.filter((key) => isAcceptedAt(key, clock.nowMs()));
  let tried: { result: OpenedWith; keyId: string } = {
    result: { ok: false, reason: 'undecryptable' },
    keyId: '',
  };
  for (const key of keys) {
    tried = { result: await opening.open(token, keyring.privateKey(key)), keyId: key.id };
    if (tried.result.ok || reasonOf(tried.result) === 'claims') return tried;
  }
  await spendRest(deps, token, keys.length);
  return tried;
}

/**
 * Opens the token until it took as many openings as with the configuration that has most keys. The time then does not
 * reveal whether the configuration of a token exists, nor whether it has an old key besides the new one.
 */
async function spendRest(
  { keyring, opening, clock }: TokenOpenerDeps,
  token: string,
  openings: number,
): Promise<void> {
  const most = keyring.mostKeys(clock.nowMs());
  for (let spent = openings; spent < most; spent += 1) await opening.open(token, keyring.decoy);
}

/** Refuses a token of an unknown configuration, after the time of an opening. */
async function refuseUnknown(deps: TokenOpenerDeps, token: string): Promise<OpeningResult> {
  const result = await deps.opening.open(token, deps.keyring.decoy);
  await spendRest(deps, token, 1);
  const isMalformed = !result.ok && reasonOf(result) === 'malformed';
  return { ok: false, reason: isMalformed ? 'malformed' : 'unknown-configuration' };
}

function reasonOf(result: Exclude<OpenedWith, { ok: true }>): 'malformed' | 'undecryptable' | 'claims' {
  return 'reason' in result ? result.reason : 'claims';
}
