import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/**
 * Encrypts small secrets at rest. `context` is the table and the row of a secret. A secret can be decrypted only with
 * its own context, so a copy in another row is useless.
 */
export interface Sealer {
  /** First 8 hex digits of the digest of the key. Each encrypted secret contains it, so that keys can be rotated. */
  readonly keyId: string;
  seal(plaintext: Uint8Array, context: string): string;
  /**
   * Decrypts a secret.
   * @throws Error if the key, the context or the encrypted bytes differ from those of `seal`.
   */
  open(sealed: string, context: string): Buffer;
}

const ivBytes = 12;
const tagBytes = 16;

/**
 * Creates a sealer that encrypts with AES-256-GCM (NIST SP 800-38D). Its key is derived from the master key with
 * HKDF-SHA-256 (RFC 5869). Nonces are random. This is safe, because a key encrypts far fewer than 2^32 secrets.
 */
export function createSealer(masterKey: Uint8Array): Sealer {
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'watmeter secrets at rest v1', 32));
  const keyId = createHash('sha256').update('watmeter key id').update(key).digest('hex').slice(0, 8);

  return {
    keyId,
    seal(plaintext, context) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
      return `v1.${keyId}.${Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url')}`;
    },
    open(sealed, context) {
      const [version, sealedKeyId, body] = sealed.split('.');
      if (version !== 'v1' || body === undefined) throw new Error('not a sealed secret of version 1');
      if (sealedKeyId !== keyId)
        throw new Error(`the secret was sealed with master key ${sealedKeyId}, not with ${keyId}`);
      const bytes = Buffer.from(body, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]);
    },
  };
}
