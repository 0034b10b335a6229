import { type KeyObject, randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../../../src/platform/clock.ts';
import { privateKeyContext } from '../../../../src/tokens/configurations/keyring.ts';
import { mintToken } from '../../../../src/tokens/issuing/mint.ts';
import { createBlockingDecrypter, type Decrypter } from '../../../../src/tokens/opening/decrypter.ts';
import { createTokenCache } from '../../../../src/tokens/opening/token-cache.ts';
import { createTokenOpener, type TokenOpener } from '../../../../src/tokens/opening/token-opener.ts';
import { type Control, openControl } from '../../../support/control.ts';
import { type ControlPlace, embeddedStores } from '../../../support/control-stores.ts';
import { privateKey, publicKey } from './fixtures.ts';

/** A clock that only the test advances. */
export interface ManualClock extends Clock {
  ms: number;
}

/** Creates a clock that starts at `ms`. */
export function createManualClock(ms = Date.UTC(2026, 10, 21, 8)): ManualClock {
  const clock: ManualClock = { ms, nowMs: () => clock.ms };
  return clock;
}

export interface TestControl extends Control {
  readonly place: ControlPlace;
}

/** Opens a control store that is closed and removed after the test. */
export async function openTemporaryControl(clock: Clock, stores = embeddedStores): Promise<TestControl> {
  const place = await stores.create();
  onTestFinished(place.remove);
  return openControlAt(place, clock);
}

/** Opens another connection to a control store, like another process. It is closed after the test. */
export async function openControlAt(
  place: ControlPlace,
  clock: Clock,
  adminToken?: string,
): Promise<TestControl> {
  const control = await openControl({ ...place.config, adminToken }, clock);
  onTestFinished(() => control.store.destroy());
  return { ...control, place };
}

export interface WatchedOpener extends TokenOpener {
  /** Returns the number of decryption attempts, with any key. */
  openings(): number;
  /** Is called and awaited in each decryption before the result is returned. */
  hold: () => Promise<void> | void;
}

/** Creates the token opener of a gateway with this control store and a token cache of `limitBytes`. */
export function createWatchedOpener(control: Control, clock: Clock, limitBytes = 1024 ** 2): WatchedOpener {
  const inline = createBlockingDecrypter();
  let openings = 0;
  const decrypter: Decrypter = {
    async decrypt(token, key) {
      openings += 1;
      const result = await inline.decrypt(token, key);
      await watched.hold();
      return result;
    },
  };
  const { keyring } = control;
  const opener = createTokenOpener({ keyring, decrypter, tokenCache: createTokenCache(limitBytes), clock });
  const watched: WatchedOpener = { ...opener, openings: () => openings, hold: () => {} };
  return watched;
}

export const organisation = 'default';

/**
 * Adds a configuration with the key pair of the fixtures, because the generation of a key pair takes 100 ms. The
 * store and the keyring then contain the configuration as if `create` had created it.
 */
export async function addConfiguration(control: Control, name = 'Portal'): Promise<string> {
  const id = randomBytes(12).toString('hex');
  const keyId = randomBytes(12).toString('hex');
  const times = { createdAtMs: Date.UTC(2026, 0, 1), deletedAtMs: undefined };
  await control.configurationStore.insert(
    { id, organisationId: organisation, name, enabled: true, ...times },
    { id: keyId, publicKeyDigest: '', sealedPrivateKey: sealPrivateKey(control, keyId, privateKey) },
  );
  await control.keyring.reload();
  return id;
}

/** Encrypts a private key in the form in which the control store stores it for the key `keyId`. */
export function sealPrivateKey({ sealer }: Control, keyId: string, key: KeyObject): string {
  return sealer.seal(key.export({ type: 'pkcs8', format: 'der' }), privateKeyContext(keyId));
}

/** Creates a token for a configuration. The default key is the public key of the fixtures. */
export function mint(
  configurationId: string,
  claims: object = { sub: 'alice' },
  key = publicKey,
): Promise<string> {
  const publicKeyPem = key.export({ type: 'spki', format: 'pem' }).toString();
  return mintToken({ configurationId, publicKeyPem, claims: { ...claims } });
}
