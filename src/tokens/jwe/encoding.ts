/**
 * Returns decoded base64url, or undefined for text that does not re-encode to itself (RFC 4648, 3.5). Otherwise one token
 * would have many spellings.
 */
export function decodeCanonical(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Returns the parsed JSON. Undefined if the bytes are not UTF-8, or not JSON. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}
