import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { SharedKey } from '../../../platform/sql/shared-keys.ts';

/**
 * Encrypts texts with a key that all gateways share. Every gateway can decrypt what another gateway has encrypted.
 */
export interface SharedSealing {
  /**
   * Encrypts a text.
   * @param context the purpose of the text. Decryption needs the same context.
   */
  seal(text: string, context: string): string;
  /** Decrypts a text. Returns undefined if the text was encrypted with another context or an unknown key. */
  open(sealed: string, context: string): string | undefined;
  /**
   * Returns how many UTF-8 bytes a text may have, if its encrypted form may have at most `sealedChars` characters.
   */
  fittingBytes(sealedChars: number): number;
}

const version = 'wms1';
const saltBytes = 16;
const ivBytes = 12;
const tagBytes = 16;
const maxTextsPerSalt = 2 ** 32;

/**
 * Creates a service that encrypts texts in the format `wms1.<key id>.<base64url>`. The bytes are salt, nonce,
 * AES-256-GCM ciphertext and tag. The first key encrypts and all keys decrypt, so that texts stay readable after a
 * key is replaced.
 *
 * The encryption key is derived from the shared key and a random salt (HMAC-SHA-256). Each instance generates a salt
 * at its start, and again after 2^32 texts. The nonce is a counter. Therefore no pair of key and nonce repeats, for
 * any number of gateways and texts (NIST SP 800-38D, 8.2.1). If the shared key itself encrypted the texts, with
 * random nonces, all gateways together could encrypt only 2^32 texts.
 */
export function createSharedSealing(keys: readonly [SharedKey, ...SharedKey[]]): SharedSealing {
  const [newest] = keys;
  const secrets = new Map(keys.map(({ id, secret }) => [id, secret]));
  const head = `${version}.${newest.id}`;
  const nextNonce = createNonces(newest.secret);

  return {
    seal(text, context) {
      const { salt, textKey, nonce } = nextNonce();
      const cipher = createCipheriv('aes-256-gcm', textKey, nonce).setAAD(authenticated(head, context));
      const sealed = cipher.update(text, 'utf8');
      const body = Buffer.concat([salt, nonce, sealed, cipher.final(), cipher.getAuthTag()]);
      return `${head}.${body.toString('base64url')}`;
    },

    open(sealed, context) {
      const [prefix, id = '', body = '', ...rest] = sealed.split('.', 4);
      const secret = secrets.get(id);
      const bytes = Buffer.from(body, 'base64url');
      if (prefix !== version || secret === undefined || rest.length > 0) return undefined;
      // base64url can encode the same bytes in several ways. Only the canonical encoding is accepted, so that a token
      // has only one valid spelling.
      if (bytes.length < saltBytes + ivBytes + tagBytes || bytes.toString('base64url') !== body)
        return undefined;
      return decrypt(bytes, secret, authenticated(`${version}.${id}`, context));
    },

    fittingBytes(sealedChars) {
      const bodyBytes = Math.floor(((sealedChars - head.length - 1) * 3) / 4);
      return bodyBytes - saltBytes - ivBytes - tagBytes;
    },
  };
}

function createNonces(secret: Uint8Array): () => { salt: Buffer; textKey: Buffer; nonce: Buffer } {
  let salt: Buffer = Buffer.alloc(0);
  let textKey: Buffer = Buffer.alloc(0);
  let count = maxTextsPerSalt;
  return () => {
    if (count === maxTextsPerSalt) {
      salt = randomBytes(saltBytes);
      textKey = deriveKey(secret, salt);
      count = 0;
    }
    const nonce = Buffer.alloc(ivBytes);
    nonce.writeUInt32BE(count, ivBytes - 4);
    count += 1;
    return { salt, textKey, nonce };
  };
}

function decrypt(bytes: Buffer, secret: Uint8Array, aad: Buffer): string | undefined {
  const textKey = deriveKey(secret, bytes.subarray(0, saltBytes));
  const nonce = bytes.subarray(saltBytes, saltBytes + ivBytes);
  const decipher = createDecipheriv('aes-256-gcm', textKey, nonce, { authTagLength: tagBytes });
  decipher.setAAD(aad).setAuthTag(bytes.subarray(-tagBytes));
  try {
    const text = decipher.update(bytes.subarray(saltBytes + ivBytes, -tagBytes));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

function deriveKey(secret: Uint8Array, salt: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(salt).digest();
}

function authenticated(head: string, context: string): Buffer {
  return Buffer.from(`${head}/${context}`);
}
