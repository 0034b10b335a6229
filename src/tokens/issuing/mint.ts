import type { KeyObject } from 'node:crypto';
import { CompactEncrypt, type CryptoKey, importSPKI } from 'jose';

export interface MintOptions {
  /** Id of the token configuration. It becomes the `kid` header. */
  readonly configurationId: string;
  /** Public key of the configuration as SPKI PEM. */
  readonly publicKeyPem: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Creates a Web Access Token: a compact JWE with RSA-OAEP-256 and A128GCM, compressed (RFC 7516). */
export async function mintToken({ configurationId, publicKeyPem, claims }: MintOptions): Promise<string> {
  return encryptClaims(await importSPKI(publicKeyPem, 'RSA-OAEP-256'), configurationId, claims);
}

/** Creates a Web Access Token with a key that is already imported. */
export function encryptClaims(
  key: CryptoKey | KeyObject,
  configurationId: string,
  claims: MintOptions['claims'],
): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A128GCM', zip: 'DEF', kid: configurationId, typ: 'JWT' })
    .encrypt(key);
}
