import { createHash, createPublicKey } from 'node:crypto';

export interface PublicKey {
  /** PEM in the format that libraries read: lines of 64 characters. */
  readonly pem: string;
  /** SHA-256 of the SubjectPublicKeyInfo in hex, as the store contains it. */
  readonly digest: string;
}

const pemPattern = /^-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]*)-----END PUBLIC KEY-----$/;

/**
 * Parses an RSA public key in SPKI PEM. Returns undefined if the text is not such a key. Common forms of pasted keys
 * are accepted: on one line, with CRLF, with `\n` escapes from JSON, or with surrounding whitespace.
 */
export function readPublicKey(text: string): PublicKey | undefined {
  const [, body] = pemPattern.exec(text.replace(/\\r|\\n/g, '\n').trim()) ?? [];
  if (body === undefined) return undefined;
  try {
    const der = Buffer.from(body.replace(/\s/g, ''), 'base64');
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== 'rsa') return undefined;
    const spki = key.export({ format: 'der', type: 'spki' });
    return {
      pem: key.export({ format: 'pem', type: 'spki' }).toString(),
      digest: createHash('sha256').update(spki).digest('hex'),
    };
  } catch {
    return undefined;
  }
}
