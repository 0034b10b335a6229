import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, type JWK, SignJWT } from 'jose';
import type { Clock } from '../../platform/clock.ts';
import type { SharedKey } from '../../platform/sql/shared-keys.ts';
import type { ViewerAssertion } from './viewer-headers.ts';

/**
 * Signs viewer data. Applications that do not trust the network between them and the proxy can verify the signature.
 */
export interface Assertions {
  /** Returns a JWT (RFC 7519) that is valid for 60 seconds, signed with Ed25519 (RFC 8037). */
  sign(viewer: ViewerAssertion): Promise<string>;
  /** Public keys. The JWK set publishes them (RFC 7517). */
  readonly keys: readonly JWK[];
}

const lifetimeS = 60;
/** Bytes of a PKCS #8 file before the 32 bytes of an Ed25519 private key (RFC 8410, 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Creates a signer of viewer assertions.
 * @param deps.keys keys that all gateways share. The first key signs. All keys are published.
 */
export async function createAssertions(
  config: { readonly issuer: string },
  deps: { readonly keys: readonly [SharedKey, ...SharedKey[]]; readonly clock: Clock },
): Promise<Assertions> {
  const privateKey = importSeed(deps.keys[0].secret);
  const keys = await Promise.all(deps.keys.map(({ secret }) => toPublicJwk(importSeed(secret))));
  const header = { alg: 'EdDSA', typ: 'JWT', kid: keys[0]?.kid ?? '' };
  return {
    keys,
    sign({ subject, ...rest }) {
      const nowS = Math.floor(deps.clock.nowMs() / 1000);
      return new SignJWT({ ...rest })
        .setProtectedHeader(header)
        .setIssuer(config.issuer)
        .setSubject(subject)
        .setIssuedAt(nowS)
        .setExpirationTime(nowS + lifetimeS)
        .sign(privateKey);
    },
  };
}

function importSeed(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
}

async function toPublicJwk(privateKey: KeyObject): Promise<JWK> {
  const { kty, crv, x } = await exportJWK(createPublicKey(privateKey));
  const key = { kty, crv, x } as JWK;
  return { ...key, kid: await calculateJwkThumbprint(key), alg: 'EdDSA', use: 'sig' };
}
