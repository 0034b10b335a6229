import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import type { SharedKey } from '../platform/control-store/shared-keys.ts';

/** What a session token holds: who it is, and what the application may show. Opaque to browsers. */
export interface SessionClaims {
  readonly sessionId: string;
  readonly configurationId: string;
  readonly organisationId: string;
  readonly subject: string;
  readonly tags: readonly string[];
  /** Must come back beside the token: binds the two headers of a client together. */
  readonly initialiser: string;
  readonly startedAtMs: number;
  readonly expiresAtMs: number;
  /** JSON text of grants, language, locale and theme. */
  readonly carried: string;
}

const saltBytes = 16;
const ivBytes = 12;

/**
 * Seals session claims under a key that all gateways share: `wms1.<key id>.<base64url>`, where the bytes are
 * salt, nonce, ciphertext and tag of AES-256-GCM. Each token has a key of its own (HMAC-SHA-256 of the salt
 * under the shared key), so the limit of 2^32 random nonces for one key (NIST SP 800-38D, 8.3) is never near,
 * however many sessions there are.
 */
export function sealSessionToken(key: SharedKey, claims: SessionClaims): string {
  const head = `wms1.${key.id}`;
  const random = randomBytes(saltBytes + ivBytes);
  const tokenKey = createHmac('sha256', key.secret).update(random.subarray(0, saltBytes)).digest();
  const cipher = createCipheriv('aes-256-gcm', tokenKey, random.subarray(saltBytes)).setAAD(
    Buffer.from(head),
  );
  const body = Buffer.concat([
    random,
    cipher.update(encode(claims), 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return `${head}.${body.toString('base64url')}`;
}

function encode(claims: SessionClaims): string {
  const { carried, ...rest } = claims;
  return JSON.stringify([rest, carried]);
}
