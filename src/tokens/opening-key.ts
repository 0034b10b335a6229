import { generateKeyPairSync, webcrypto } from 'node:crypto';
import type { OpeningKey } from './jwe.ts';

/**
 * A key object of OpenSSL holds a lock while it decrypts, so one object uses one core however many calls are
 * in flight (docs/performance.md). The same key imported several times and used in turn frees the others.
 */
const importsPerKey = 4;

const rsaOaep256 = { name: 'RSA-OAEP', hash: 'SHA-256' } as const;

/** @param pkcs8 the private key, DER. */
export async function importOpeningKey(id: string, pkcs8: Uint8Array): Promise<OpeningKey> {
  const imports = await Promise.all(
    Array.from({ length: importsPerKey }, () =>
      webcrypto.subtle.importKey('pkcs8', pkcs8, rsaOaep256, false, ['decrypt']),
    ),
  );
  let turn = 0;
  return {
    id,
    async decryptContentKey(encryptedKey) {
      turn = (turn + 1) % importsPerKey;
      const key = imports[turn] as webcrypto.CryptoKey;
      return new Uint8Array(await webcrypto.subtle.decrypt(rsaOaep256, key, encryptedKey));
    },
  };
}

/**
 * A key that nobody's tokens are made with. Tokens of unknown configurations are "opened" with it, so that they
 * are refused in the time that a real opening takes.
 */
export function createDecoyKey(): Promise<OpeningKey> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return importOpeningKey('decoy', privateKey.export({ type: 'pkcs8', format: 'der' }));
}
