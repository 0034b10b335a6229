import { createCipheriv, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';

/** Key that creates tokens for one configuration. */
export interface TokenKey {
  readonly configurationId: string;
  readonly publicKeyPem: string;
}

/** Tags of the tokens. A token has one of these and one of `customers`, which gives 80 tag sets. */
const campaigns = ['newsletter', 'portal', 'mobile', 'partner', 'kiosk', 'intranet', 'pdf', 'mail'];
const customers = Array.from({ length: 10 }, (_, index) => `customer-${index + 10}`);

export function tagsOf(index: number): string[] {
  return [campaigns[index % 8] ?? '', customers[Math.floor(index / 8) % 10] ?? ''];
}

/** Returns typical claims of an embedding application: subject, no expiry, grants and two tracking tags. */
export function claimsOf(index: number, tags = tagsOf(index)): Record<string, unknown> {
  const dashboard = (0x65a1b2c3d4e5 + index).toString(16).padStart(24, '0');
  return {
    sub: `viewer-${index}@customer.example`,
    exp: null,
    grants: {
      res: [`dashboard:${dashboard}`],
      acl: [{ resource: `dashboard:${dashboard}`, actions: ['view', 'filter'], export: false }],
      prm: { region: 'EU', tenant: index % 1000, theme: 'light' },
    },
    trc: tags,
  };
}

/**
 * Creates a function that encrypts Web Access Tokens as fast as possible, faster than the library that
 * src/tokens/issuing/mint.ts uses. The tokens are valid, because the measured services decrypt them.
 */
export function createMinter({ configurationId, publicKeyPem }: TokenKey) {
  const key = { key: createPublicKey(publicKeyPem), oaepHash: 'sha256' };
  const header = Buffer.from(
    JSON.stringify({ alg: 'RSA-OAEP-256', enc: 'A128GCM', zip: 'DEF', kid: configurationId }),
  ).toString('base64url');
  const additional = Buffer.from(header, 'ascii');

  return (claims: Readonly<Record<string, unknown>>): string => {
    const contentKey = randomBytes(16);
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-128-gcm', contentKey, iv).setAAD(additional);
    const ciphertext = Buffer.concat([cipher.update(deflateRawSync(JSON.stringify(claims))), cipher.final()]);
    const parts = [publicEncrypt(key, contentKey), iv, ciphertext, cipher.getAuthTag()];
    return [header, ...parts.map((part) => part.toString('base64url'))].join('.');
  };
}
