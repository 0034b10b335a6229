import { createDecipheriv } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { randomBytesPooled } from '../../platform/crypto/random.ts';
import { decodeCanonical, parseJson } from './encoding.ts';
import { type AllowedHeader, type HeaderReader, readHeader } from './jwe-header.ts';

/**
 * Decrypts JSON Web Encryption in compact form (RFC 7516, section 7.1). Only RSA-OAEP-256 with A128GCM or A256GCM is
 * supported, with or without compression (zip DEF, RFC 1951). docs/performance.md explains why watmeter does not use
 * a library, and how tests compare this code with one.
 */

/** Decrypts content encryption keys with one private key. */
export interface ContentKeyDecryptor {
  /**
   * Decrypts a content encryption key.
   * @throws Error if the bytes were not encrypted with the matching public key.
   */
  decryptContentKey(encryptedKey: Uint8Array): Uint8Array;
}

export interface ParsedJwe extends AllowedHeader {
  /** The protected header as received. It is the additional authenticated data of the encryption. */
  readonly protectedHeader: string;
  readonly encryptedKey: Buffer;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

export const maxPayloadBytes = 512 * 1024;

/**
 * Splits a token into its parts without decrypting it. Returns undefined if watmeter does not support this kind of
 * token, or if the token is not in its canonical encoding.
 */
export function parseJwe(token: string, headerOf: HeaderReader = readHeader): ParsedJwe | undefined {
  const parts = token.split('.', 6);
  const [protectedHeader = '', ...rest] = parts;
  const allowed = parts.length === 5 ? headerOf(protectedHeader) : undefined;
  if (allowed === undefined) return undefined;
  const [encryptedKey, iv, ciphertext, tag] = rest.map(decodeCanonical);
  if (!encryptedKey || !iv || !ciphertext || !tag) return undefined;
  if (iv.length !== 12 || tag.length !== 16) return undefined;
  const { kid, isCompressed, contentKeyBytes } = allowed;
  return { kid, isCompressed, contentKeyBytes, protectedHeader, encryptedKey, iv, ciphertext, tag };
}

/** Returns the configuration id (`kid`) in the header of a token, or undefined if there is none. */
export function readKid(token: string, headerOf: HeaderReader = readHeader): string | undefined {
  const end = token.indexOf('.');
  return end === -1 ? undefined : headerOf(token.slice(0, end))?.kid;
}

/** Returns the canonical encoding of a token. Only a token in this encoding can be decrypted. */
export function canonicalText(token: string): string {
  return token
    .split('.', 6)
    .map((part) => Buffer.from(part, 'base64url').toString('base64url'))
    .join('.');
}

/**
 * Decrypts a token and parses its plaintext as JSON. Returns undefined if the key is wrong, the token was changed, the
 * inflated plaintext exceeds the limit, or the plaintext is not JSON.
 */
export function openJwe(jwe: ParsedJwe, key: ContentKeyDecryptor): unknown {
  const content = decryptJwe(jwe, key);
  return content === undefined ? undefined : readPayload(jwe, content);
}

/** Decrypts a token. Returns its plaintext, or undefined if the key is wrong or the token was changed. */
export function decryptJwe(jwe: ParsedJwe, key: ContentKeyDecryptor): Buffer | undefined {
  // If the content key cannot be decrypted, a random one replaces it and the tag check fails. From outside, a wrong key
  // and a wrong tag are then indistinguishable (RFC 7516, 11.5).
  let contentKey: Uint8Array = randomBytesPooled(jwe.contentKeyBytes);
  try {
    const decrypted = key.decryptContentKey(jwe.encryptedKey);
    if (decrypted.length === jwe.contentKeyBytes) contentKey = decrypted;
  } catch {
    // The random content key stays in place, and the tag check below fails.
  }
  try {
    return decryptContent(jwe, contentKey);
  } catch {
    return undefined;
  }
}

/** Inflates and parses the plaintext of a token. Returns undefined if it is too large or not JSON. */
export function readPayload({ isCompressed }: Pick<ParsedJwe, 'isCompressed'>, content: Buffer): unknown {
  try {
    const payload = isCompressed ? inflate(content) : content;
    return payload.length <= maxPayloadBytes ? parseJson(payload) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Inflates compressed claims. Most claims fit into the chunk size. Allocating zlib's default of 16 KiB would take
 * longer than inflating them.
 */
function inflate(compressed: Buffer): Buffer {
  const chunkSize = Math.min(16 * 1024, Math.max(1024, 4 * compressed.length));
  return inflateRawSync(compressed, { maxOutputLength: maxPayloadBytes, chunkSize });
}

function decryptContent(jwe: ParsedJwe, contentKey: Uint8Array): Buffer {
  const cipher = jwe.contentKeyBytes === 16 ? 'aes-128-gcm' : 'aes-256-gcm';
  const decipher = createDecipheriv(cipher, contentKey, jwe.iv, { authTagLength: 16 });
  decipher.setAAD(Buffer.from(jwe.protectedHeader, 'ascii')).setAuthTag(jwe.tag);
  return Buffer.concat([decipher.update(jwe.ciphertext), decipher.final()]);
}
