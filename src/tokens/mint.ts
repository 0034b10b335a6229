import { CompactEncrypt, importSPKI } from 'jose';

export interface MintOptions {
  /** The token configuration's id: becomes the `kid`. */
  readonly configurationId: string;
  /** SPKI PEM, as the configuration was made with. */
  readonly publicKeyPem: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Makes a Web Access Token: a compact JWE, RSA-OAEP-256 and A128GCM, compressed (RFC 7516). */
export async function mintToken({ configurationId, publicKeyPem, claims }: MintOptions): Promise<string> {
  const key = await importSPKI(publicKeyPem, 'RSA-OAEP-256');
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A128GCM', zip: 'DEF', kid: configurationId })
    .encrypt(key);
}
