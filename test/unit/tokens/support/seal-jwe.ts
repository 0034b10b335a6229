import { constants, createCipheriv, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { kid, publicKey } from './fixtures.ts';

export interface SealOptions {
  /** The protected header as text, for headers that no library would produce. The default is `header` as JSON. */
  readonly headerText?: string;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly enc?: 'A128GCM' | 'A256GCM';
  readonly compress?: boolean;
  readonly key?: KeyObject;
  readonly contentKey?: Buffer;
}

/**
 * Creates a compact JWE step by step (RFC 7516, section 5.1). It is independent of the tested code and of jose, and
 * can create headers that neither of them would create.
 */
export function sealJwe(payload: Uint8Array | string, options: SealOptions = {}): string {
  const { enc = 'A256GCM', compress = false, key = publicKey } = options;
  const header = options.header ?? { alg: 'RSA-OAEP-256', enc, ...(compress && { zip: 'DEF' }), kid };
  const protectedHeader = Buffer.from(options.headerText ?? JSON.stringify(header)).toString('base64url');
  const contentKey = options.contentKey ?? randomBytes(enc === 'A128GCM' ? 16 : 32);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const encryptedKey = publicEncrypt({ key, padding, oaepHash: 'sha256' }, contentKey);
  const iv = randomBytes(12);
  const cipher = createCipheriv(`aes-${8 * contentKey.length}-gcm` as 'aes-256-gcm', contentKey, iv);
  cipher.setAAD(Buffer.from(protectedHeader));
  const content = compress ? deflateRawSync(payload) : Buffer.from(payload);
  const ciphertext = Buffer.concat([cipher.update(content), cipher.final()]);
  const parts = [encryptedKey, iv, ciphertext, cipher.getAuthTag()];
  return [protectedHeader, ...parts.map((part) => part.toString('base64url'))].join('.');
}
