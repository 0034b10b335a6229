import { createDecipheriv } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { randomBytesPooled } from '../../platform/crypto/random.ts';
import { decodeCanonical, parseJson } from './encoding.ts';
import { type AllowedHeader, type HeaderReader, readHeader } from './jwe-header.ts';

/**
 * Opens JSON Web Encryption in compact form (RFC 7516, section 7.1), of one kind only: RSA-OAEP-256 with
 * A128GCM or A256GCM, compressed (zip DEF, RFC 1951) or not. Why this is not left to a library, and how it is
 * held against one: docs/performance.md.
 */

/** Decrypts content encryption keys with one private key. */
export interface ContentKeyDecryptor {
  /** @throws when the bytes were not encrypted with this key's public half. */
  decryptContentKey(encryptedKey: Uint8Array): Uint8Array;
}

export interface ParsedJwe extends AllowedHeader {
  /** The protected header as it was sent: the additional authenticated data. */
  readonly protectedHeader: string;
  readonly encryptedKey: Buffer;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

export const maxPayloadBytes = 512 * 1024;

/**
 * Takes a token apart without any key. Undefined when it is not of the one kind that is allowed, or not in its one
 * canonical spelling.
 */
export function parseJwe(token: string, headerOf: HeaderReader = readHeader): ParsedJwe | undefined {
  const parts = token.split('.', 6);
  const [protectedHeader = '', ...rest] = parts;
  const allowed = parts.length === 5 ? headerOf(protectedHeader) : undefined;
  if (allowed === undefined) return undefined;
  const [encryptedKey, iv, ciphertext, tag] = rest.map(decodeCanonical);
  if (!encryptedKey || !iv || !ciphertext || !tag) return undefined;
  if (iv.length !== 12 || tag.length !== 16) return undefined;
  const { kid, compressed, contentKeyBytes } = allowed;
  return { kid, compressed, contentKeyBytes, protectedHeader, encryptedKey, iv, ciphertext, tag };
}

/** The configuration that a token says it is of, read from its header alone. Undefined where there is none. */
export function readKid(token: string, headerOf: HeaderReader = readHeader): string | undefined {
  const end = token.indexOf('.');
  return end === -1 ? undefined : headerOf(token.slice(0, end))?.kid;
}

/** The one spelling of a token that can be opened, from any other one of the same bytes. */
export function canonicalText(token: string): string {
  return token
    .split('.', 6)
    .map((part) => Buffer.from(part, 'base64url').toString('base64url'))
    .join('.');
}

/**
 * The plaintext of a token, parsed as JSON. Undefined when the key is not the one, the bytes were changed, it
 * inflates beyond the limit, or it is not JSON.
 */
export function openJwe(jwe: ParsedJwe, key: ContentKeyDecryptor): unknown {
  // A key that cannot be decrypted is replaced by a random one, and the tag fails: no difference to see from
  // outside between the two (RFC 7516, 11.5).
  let contentKey: Uint8Array = randomBytesPooled(jwe.contentKeyBytes);
  try {
    const decrypted = key.decryptContentKey(jwe.encryptedKey);
    if (decrypted.length === jwe.contentKeyBytes) contentKey = decrypted;
  } catch {
    // The random key stays.
  }
  try {
    const plaintext = decryptContent(jwe, contentKey);
    const payload = jwe.compressed ? inflate(plaintext) : plaintext;
    return payload.length <= maxPayloadBytes ? parseJson(payload) : undefined;
  } catch {
    return undefined;
  }
}

/** The first piece of memory is as large as claims mostly become: zlib's own 16 KiB cost more than the inflating. */
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
