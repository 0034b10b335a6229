import { createHash, createPublicKey } from 'node:crypto';

export interface PublicKey {
  /** As libraries read it: lines of 64 characters. */
  readonly pem: string;
  /** SHA-256 of the SubjectPublicKeyInfo, as the store keeps it. */
  readonly digest: string;
}

const shape = /^-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]*)-----END PUBLIC KEY-----$/;

/**
 * Reads an SPKI PEM however it was pasted: in one line, with CRLF, with the `\n` of a JSON text, with blanks around.
 * Undefined when it is no RSA public key.
 */
export function readPublicKey(text: string): PublicKey | undefined {
  const [, body] = shape.exec(text.replace(/\\r|\\n/g, '\n').trim()) ?? [];
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
