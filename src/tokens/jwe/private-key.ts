import { constants, createPrivateKey, createPublicKey, type KeyObject, privateDecrypt } from 'node:crypto';
import type { ContentKeyDecryptor } from './jwe.ts';

/** A private key that may decrypt a token. */
export interface PrivateKeyRef {
  readonly id: string;
  /** Returns the key in DER (PKCS #8). Called only if the key is not imported yet. */
  pkcs8(): Uint8Array;
}

/**
 * Imports a private key for RSA-OAEP with SHA-256 (RFC 8017, 7.1.2; RFC 7518, 4.3). A decryption takes a quarter of a
 * millisecond, also for a number that is not below the modulus. The RSA library would reject such a number without
 * decrypting it, and the shorter time would reveal the modulus bit by bit. The modulus must stay secret: it is the
 * public key, with which tokens can be created.
 */
export function importPrivateKey(pkcs8: Uint8Array): ContentKeyDecryptor {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const modulus = modulusOf(key);
  const decrypt = (encryptedKey: Uint8Array) =>
    privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, encryptedKey);
  // A number that is decrypted instead of an invalid one. It is below every modulus of its length, and never the
  // result of an encryption.
  const placeholder = Buffer.alloc(modulus.length).fill(1, 1);
  return {
    decryptContentKey(encryptedKey) {
      // A number without its leading zeros is invalid too, because the same token would have two encodings.
      const isInRange = encryptedKey.length === modulus.length && Buffer.compare(encryptedKey, modulus) < 0;
      const decrypted = decrypt(isInRange ? encryptedKey : placeholder);
      if (!isInRange) throw new RangeError('not an encrypted key of this length');
      return decrypted;
    },
  };
}

function modulusOf(privateKey: KeyObject): Buffer {
  const { n = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return Buffer.from(n, 'base64url');
}
