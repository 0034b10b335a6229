import { LRUCache } from 'lru-cache';
import { decodeCanonical, parseJson } from './encoding.ts';

/** What an opening needs of a header that is of the one kind that is allowed. */
export interface AllowedHeader {
  readonly kid: string;
  readonly compressed: boolean;
  readonly contentKeyBytes: 16 | 32;
}

/** Reads a protected header as a token has it, in base64url. Undefined when it is not of the allowed kind. */
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
  // An extension that must be understood is not understood here (RFC 7516, 4.1.13).
  if (crit !== undefined || alg !== 'RSA-OAEP-256' || !contentKeyBytes) return undefined;
  if ((zip !== undefined && zip !== 'DEF') || typeof kid !== 'string') return undefined;
  return { kid, compressed: zip === 'DEF', contentKeyBytes };
};

/** Headers of 4 KiB at most: 8 MiB at the very worst, and a few hundred KiB in practice. */
const maxRemembered = 1000;

/**
 * Reads headers and remembers the allowed ones: all tokens that one application makes with one key have the same. It
 * is the text that is remembered, so nothing is taken for another. Also of tokens that are refused then: else the time
 * would tell which configurations are in use.
 */
export function createHeaderReader(): HeaderReader {
  const known = new LRUCache<string, AllowedHeader>({ max: maxRemembered });
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const header = readHeader(text);
    if (header !== undefined) known.set(copyOf(text), header);
    return header;
  };
}

/** A part of a string keeps the whole alive: here that would be a token. */
function copyOf(asciiText: string): string {
  return Buffer.from(asciiText, 'latin1').toString('latin1');
}
