import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../../../src/platform/clock.ts';
import type { KeyringEntry, KeyringKey } from '../../../../src/tokens/configurations/configuration-store.ts';
import type { PrivateKeyRef } from '../../../../src/tokens/jwe/private-key.ts';
import { createBlockingDecrypter } from '../../../../src/tokens/opening/decrypter.ts';
import { createTokenCache } from '../../../../src/tokens/opening/token-cache.ts';
import { createTokenOpener, type TokenOpener } from '../../../../src/tokens/opening/token-opener.ts';

/** A token in test/fixtures/tokens that another library created. See the README there. */
export interface FixtureToken {
  readonly name: string;
  readonly keyFile: KeyFile;
  readonly token: string;
  readonly why?: string;
}

export interface AcceptedFixture extends FixtureToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

const folder = fileURLToPath(new URL('../../../fixtures/tokens/', import.meta.url));

export const keyFiles = {
  'test-only-rsa-2048-private.pem': '65f0c0ffee65f0c0ffee0001',
  'test-only-rsa-3072-private.pem': '65f0c0ffee65f0c0ffee0002',
} as const;
export type KeyFile = keyof typeof keyFiles;

export const acceptedFixtures: AcceptedFixture[] = [
  ...read<AcceptedFixture>('tokens.json'),
  ...read<AcceptedFixture>('accepted-edge.json'),
];
export const refusedFixtures: FixtureToken[] = read('refused.json');

function read<T>(file: string): T[] {
  return JSON.parse(readFileSync(`${folder}${file}`, 'utf8')) as T[];
}

/** The configuration that most tests use: its kid and its key pair. */
export const kid = keyFiles['test-only-rsa-2048-private.pem'];
export const privateKey: KeyObject = createPrivateKey(
  readFileSync(`${folder}test-only-rsa-2048-private.pem`, 'utf8'),
);
export const publicKey: KeyObject = createPublicKey(privateKey);

/** Returns a private key from the fixtures as PKCS #8. */
export function pkcs8Of(keyFile: KeyFile): Uint8Array {
  const pem = readFileSync(`${folder}${keyFile}`, 'utf8');
  return createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
}

const keys: Record<string, PrivateKeyRef> = {};
const entries: Record<string, KeyringEntry> = {};
for (const [keyFile, configurationId] of Object.entries(keyFiles)) {
  const pkcs8 = pkcs8Of(keyFile as KeyFile);
  const key: KeyringKey = { id: keyFile, sealedPrivateKey: '', acceptedUntilMs: undefined };
  keys[keyFile] = { id: keyFile, pkcs8: () => pkcs8 };
  entries[configurationId] = { configurationId, organisationId: 'default', isUsable: true, keys: [key] };
}

/** Creates a token opener for the two fixture configurations, with a token cache of `cacheBytes`. */
export function createFixtureOpener(clock: Clock = { nowMs: () => 0 }, cacheBytes = 0): TokenOpener {
  const refOf = (id: string) => keys[id] as PrivateKeyRef;
  return createTokenOpener({
    keyring: {
      find: (id) => (Object.hasOwn(entries, id) ? entries[id] : undefined),
      mostKeys: () => 1,
      privateKey: (key) => refOf(key.id),
      decoy: refOf('test-only-rsa-3072-private.pem'),
    },
    decrypter: createBlockingDecrypter(),
    tokenCache: createTokenCache(cacheBytes),
    clock,
  });
}
