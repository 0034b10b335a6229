import { LRUCache } from 'lru-cache';
import { decodeCanonical, parseJson } from './encoding.ts';

/** Parameters of a token's header that decryption needs. All parameters of the header are allowed. */
export interface AllowedHeader {
  readonly kid: string;
  readonly isCompressed: boolean;
  readonly contentKeyBytes: 16 | 32;
}

/** Parses the protected header of a token from base64url. Returns undefined if a parameter is not allowed. */
export type HeaderReader = (header: string) => AllowedHeader | undefined;

const maxHeaderChars = 4096;
const contentKeyBytesOf: Readonly<Record<string, 16 | 32>> = { A128GCM: 16, A256GCM: 32 };

export const readHeader: HeaderReader = (text) => {
  if (text.length > maxHeaderChars) return undefined;
  const bytes = decodeCanonical(text);
  const header = bytes && parseJson(bytes);
  if (typeof header !== 'object' || header === null || Array.isArray(header)) return undefined;
  const { alg, enc, zip, kid, crit } = header as Readonly<Record<string, unknown>>;
  const contentKeyBytes =
    typeof enc === 'string' && Object.hasOwn(contentKeyBytesOf, enc) && contentKeyBytesOf[enc];
  // A header with `crit` must be rejected, because watmeter supports no critical extension (RFC 7516, 4.1.13).
  if (crit !== undefined || alg !== 'RSA-OAEP-256' || !contentKeyBytes) return undefined;
  if ((zip !== undefined && zip !== 'DEF') || typeof kid !== 'string') return undefined;
  return { kid, isCompressed: zip === 'DEF', contentKeyBytes };
};

/**
 * Maximum number of cached headers. With headers of 4 KiB, the cache takes at most 8 MiB. In practice it takes a few
 * hundred KiB.
 */
const maxCachedHeaders = 1000;

/**
 * Creates a reader that caches allowed headers. All tokens that an application creates with one key have the same
 * header. The cache key is the complete header text, so the reader cannot confuse two headers. Headers of rejected
 * tokens are cached too. Otherwise the response time would reveal which configurations are in use.
 */
export function createHeaderReader(): HeaderReader {
  const cache = new LRUCache<string, AllowedHeader>({ max: maxCachedHeaders });
  return (text) => {
    const cached = cache.get(text);
    if (cached !== undefined) return cached;
    const header = readHeader(text);
    if (header !== undefined) cache.set(copyText(text), header);
    return header;
  };
}

/** Copies a text. A substring would keep the whole token in memory. */
function copyText(asciiText: string): string {
  return Buffer.from(asciiText, 'latin1').toString('latin1');
}
