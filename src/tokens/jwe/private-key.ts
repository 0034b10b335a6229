import { constants, createPrivateKey, createPublicKey, type KeyObject, privateDecrypt } from 'node:crypto';
import type { ContentKeyDecryptor } from './jwe.ts';

/** A private key that may open a token. */
export interface PrivateKeyRef {
  readonly id: string;
  /** Returns DER (PKCS #8). Callers call it only when they have not imported the key yet. */
  pkcs8(): Uint8Array;
}

/**
 * Returns a decryptor with one key: RSA-OAEP with SHA-256 (RFC 8017, 7.1.2; RFC 7518, 4.3). A decryption takes a quarter
 * of a millisecond, also for a number beyond the modulus. The RSA library would reject such a number without decrypting
 * it, and that shorter time would reveal the modulus bit by bit. The modulus is the public key, which creates tokens.
 */
export function importPrivateKey(pkcs8: Uint8Array): ContentKeyDecryptor {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const modulus = modulusOf(key);
  const decrypt = (encryptedKey: Uint8Array) =>
    privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, encryptedKey);
  // Below every modulus of its length, and never the result of an encryption.
  const placeholder = Buffer.alloc(modulus.length).fill(1, 1);
  return {
    decryptContentKey(encryptedKey) {
      // A number without its leading zeros is rejected too: it would be the same token in other bytes.
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
