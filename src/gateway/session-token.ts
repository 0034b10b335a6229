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

/** Makes session tokens. */
export type SessionTokenSealer = (claims: SessionClaims) => string;

const saltBytes = 16;
const ivBytes = 12;
const maxTokensPerSalt = 2 ** 32;

/**
 * Seals session claims under a key that all gateways share: `wms1.<key id>.<base64url>`, where the bytes are
 * salt, nonce, ciphertext and tag of AES-256-GCM.
 *
 * The key is derived from the shared one by a random salt (HMAC-SHA-256), which is drawn when the sealer is made
 * and again after 2^32 tokens; the nonce counts. So no pair of key and nonce is ever used twice, however many
 * gateways and tokens there are (NIST SP 800-38D, 8.2.1). With random nonces under the shared key itself that
 * would hold only for 2^32 tokens of all gateways together.
 */
export function createSessionTokenSealer(key: SharedKey): SessionTokenSealer {
  const head = `wms1.${key.id}`;
  const authenticated = Buffer.from(head);
  let salt = Buffer.alloc(0);
  let tokenKey = Buffer.alloc(0);
  let count = maxTokensPerSalt;

  function nextNonce(): Buffer {
    if (count === maxTokensPerSalt) {
      salt = randomBytes(saltBytes);
      tokenKey = createHmac('sha256', key.secret).update(salt).digest();
      count = 0;
    }
    const nonce = Buffer.alloc(ivBytes);
    nonce.writeUInt32BE(count, ivBytes - 4);
    count += 1;
    return nonce;
  }

  return (claims) => {
    const nonce = nextNonce();
    const cipher = createCipheriv('aes-256-gcm', tokenKey, nonce).setAAD(authenticated);
    const sealed = cipher.update(encode(claims), 'utf8');
    const body = Buffer.concat([salt, nonce, sealed, cipher.final(), cipher.getAuthTag()]);
    return `${head}.${body.toString('base64url')}`;
  };
}

/** JSON by hand: ids and numbers are our own and need no escaping, the carried part is JSON already. */
function encode(claims: SessionClaims): string {
  return (
    `{"sid":"${claims.sessionId}","cid":"${claims.configurationId}","oid":${JSON.stringify(claims.organisationId)},` +
    `"sub":${JSON.stringify(claims.subject)},"trc":${JSON.stringify(claims.tags)},"ini":"${claims.initialiser}",` +
    `"iat":${claims.startedAtMs},"exp":${claims.expiresAtMs},"carried":${claims.carried}}`
  );
}
