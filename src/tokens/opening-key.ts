import { generateKeyPair, webcrypto } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import type { OpeningKey } from './jwe.ts';

/**
 * An RSA key object is locked while it decrypts, and the main thread waits for that lock when it hands over the
 * next decryption: one object in many hands stops the whole gateway (docs/performance.md). So a key is imported
 * once for each core and a little more, and each import does one decryption at a time; the rest wait in order.
 */
const importsPerKey = availableParallelism() + 2;

const rsaOaep256 = { name: 'RSA-OAEP', hash: 'SHA-256' } as const;

/** @param pkcs8 the private key, DER. */
export async function importOpeningKey(id: string, pkcs8: Uint8Array): Promise<OpeningKey> {
  const idle = await Promise.all(
    Array.from({ length: importsPerKey }, () =>
      webcrypto.subtle.importKey('pkcs8', pkcs8, rsaOaep256, false, ['decrypt']),
    ),
  );
  const waiting: ((key: webcrypto.CryptoKey) => void)[] = [];

  function take(): webcrypto.CryptoKey | Promise<webcrypto.CryptoKey> {
    return idle.pop() ?? new Promise((resolve) => waiting.push(resolve));
  }

  function giveBack(key: webcrypto.CryptoKey): void {
    const next = waiting.shift();
    if (next === undefined) idle.push(key);
    else next(key);
  }

  return {
    id,
    async decryptContentKey(encryptedKey) {
      const key = await take();
      try {
        return new Uint8Array(await webcrypto.subtle.decrypt(rsaOaep256, key, encryptedKey));
      } finally {
        giveBack(key);
      }
    },
  };
}

/**
 * A key that nobody's tokens are made with. Tokens of unknown configurations are "opened" with it, so that they
 * are refused in the time that a real opening takes.
 */
export async function createDecoyKey(): Promise<OpeningKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return importOpeningKey('decoy', privateKey.export({ type: 'pkcs8', format: 'der' }));
}
