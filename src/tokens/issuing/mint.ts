import type { KeyObject } from 'node:crypto';
import { CompactEncrypt, type CryptoKey, importSPKI } from 'jose';

export interface MintOptions {
  /** The id of the token configuration, which becomes the `kid`. */
  readonly configurationId: string;
  /** The SPKI PEM of the configuration. */
  readonly publicKeyPem: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Creates a Web Access Token: a compact JWE with RSA-OAEP-256 and A128GCM, compressed (RFC 7516). */
export async function mintToken({ configurationId, publicKeyPem, claims }: MintOptions): Promise<string> {
  return encryptClaims(await importSPKI(publicKeyPem, 'RSA-OAEP-256'), configurationId, claims);
}

/** Creates a Web Access Token with an imported key. */
export function encryptClaims(
  key: CryptoKey | KeyObject,
  configurationId: string,
  claims: MintOptions['claims'],
): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A128GCM', zip: 'DEF', kid: configurationId })
    .encrypt(key);
}
