import { constants, createPrivateKey, createPublicKey, type KeyObject, privateDecrypt } from 'node:crypto';
import type { ContentKeyDecryptor } from './jwe.ts';

/** A private key that a token may have been made for. */
export interface PrivateKeyRef {
  readonly id: string;
  /** DER (PKCS #8); only asked for where the key is not known yet. */
  pkcs8(): Uint8Array;
}

/**
 * RSA-OAEP with SHA-256 (RFC 8017, 7.1.2; RFC 7518, 4.3) under one key. Takes a quarter of a millisecond, also for what
 * the RSA library would refuse unseen: a number beyond the modulus. By the time of that, the modulus could be learned
 * bit by bit, and it is the public key, which makes tokens.
 */
export function importOpeningKey(pkcs8: Uint8Array): ContentKeyDecryptor {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const modulus = modulusOf(key);
  const decrypt = (encryptedKey: Uint8Array) =>
    privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, encryptedKey);
  // Below every modulus of its length, and nothing that was ever encrypted.
  const standIn = Buffer.alloc(modulus.length).fill(1, 1);
  return {
    decryptContentKey(encryptedKey) {
      // Also one that lacks its leading zeros: it would be the same token in other bytes.
      const isOne = encryptedKey.length === modulus.length && Buffer.compare(encryptedKey, modulus) < 0;
      const decrypted = decrypt(isOne ? encryptedKey : standIn);
      if (!isOne) throw new RangeError('not an encrypted key of this length');
      return decrypted;
    },
  };
}

function modulusOf(privateKey: KeyObject): Buffer {
  const { n = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return Buffer.from(n, 'base64url');
}
