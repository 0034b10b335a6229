import { createDecipheriv, randomBytes } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';

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

export interface ParsedJwe {
  readonly kid: string;
  /** The protected header as it was sent: the additional authenticated data. */
  readonly protectedHeader: string;
  readonly compressed: boolean;
  readonly contentKeyBytes: 16 | 32;
  readonly encryptedKey: Buffer;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

export const maxPayloadBytes = 512 * 1024;
const maxHeaderChars = 4096;
const contentKeyBytesOf: Readonly<Record<string, 16 | 32>> = { A128GCM: 16, A256GCM: 32 };

/**
 * Takes a token apart without any key. Undefined when it is not of the one kind that is allowed. Text that
 * does not re-encode to itself is refused (RFC 4648, 3.5): otherwise one token would have many spellings.
 */
export function parseJwe(token: string): ParsedJwe | undefined {
  const parts = token.split('.', 6);
  const [header = '', ...rest] = parts;
  if (parts.length !== 5 || header.length > maxHeaderChars) return undefined;
  const [headerBytes, encryptedKey, iv, ciphertext, tag] = [header, ...rest].map(decodeCanonical);
  if (!headerBytes || !encryptedKey || !iv || !ciphertext || !tag) return undefined;
  const allowed = readHeader(headerBytes);
  if (allowed === undefined || iv.length !== 12 || tag.length !== 16) return undefined;
  return { ...allowed, protectedHeader: header, encryptedKey, iv, ciphertext, tag };
}

/** The configuration that a token says it is of, read from its header alone. Undefined where there is none. */
export function readKid(token: string): string | undefined {
  const end = token.indexOf('.');
  if (end < 1 || end > maxHeaderChars) return undefined;
  const header = decodeCanonical(token.slice(0, end));
  return header && readHeader(header)?.kid;
}

/** The one spelling of a token that can be opened, from any other one of the same bytes. */
export function canonicalText(token: string): string {
  return token
    .split('.', 6)
    .map((part) => Buffer.from(part, 'base64url').toString('base64url'))
    .join('.');
}

function decodeCanonical(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

function readHeader(bytes: Buffer): Pick<ParsedJwe, 'kid' | 'compressed' | 'contentKeyBytes'> | undefined {
  const header = parseJson(bytes);
  if (typeof header !== 'object' || header === null || Array.isArray(header)) return undefined;
  const { alg, enc, zip, kid, crit } = header as Readonly<Record<string, unknown>>;
  const contentKeyBytes =
    typeof enc === 'string' && Object.hasOwn(contentKeyBytesOf, enc) && contentKeyBytesOf[enc];
  // An extension that must be understood is not understood here (RFC 7516, 4.1.13).
  if (crit !== undefined || alg !== 'RSA-OAEP-256' || !contentKeyBytes) return undefined;
  if ((zip !== undefined && zip !== 'DEF') || typeof kid !== 'string') return undefined;
  return { kid, compressed: zip === 'DEF', contentKeyBytes };
}

/**
 * The plaintext of a token, parsed as JSON. Undefined when the key is not the one, the bytes were changed, it
 * inflates beyond the limit, or it is not JSON.
 */
export function openJwe(jwe: ParsedJwe, key: ContentKeyDecryptor): unknown {
  // A key that cannot be decrypted is replaced by a random one, and the tag fails: no difference to see from
  // outside between the two (RFC 7516, 11.5).
  let contentKey: Uint8Array = randomBytes(jwe.contentKeyBytes);
  try {
    const decrypted = key.decryptContentKey(jwe.encryptedKey);
    if (decrypted.length === jwe.contentKeyBytes) contentKey = decrypted;
  } catch {
    // The random key stays.
  }
  try {
    const plaintext = decryptContent(jwe, contentKey);
    const payload = jwe.compressed
      ? inflateRawSync(plaintext, { maxOutputLength: maxPayloadBytes })
      : plaintext;
    return payload.length <= maxPayloadBytes ? parseJson(payload) : undefined;
  } catch {
    return undefined;
  }
}

function decryptContent(jwe: ParsedJwe, contentKey: Uint8Array): Buffer {
  const cipher = jwe.contentKeyBytes === 16 ? 'aes-128-gcm' : 'aes-256-gcm';
  const decipher = createDecipheriv(cipher, contentKey, jwe.iv, { authTagLength: 16 });
  decipher.setAAD(Buffer.from(jwe.protectedHeader, 'ascii')).setAuthTag(jwe.tag);
  return Buffer.concat([decipher.update(jwe.ciphertext), decipher.final()]);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}
