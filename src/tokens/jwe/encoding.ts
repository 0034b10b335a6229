/**
 * Decodes base64url. Returns undefined for a text that does not re-encode to itself (RFC 4648, 3.5). Otherwise a
 * token could be written in several ways.
 */
export function decodeCanonical(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Parses JSON in UTF-8. Returns undefined if the bytes are not valid UTF-8 or not valid JSON. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}
