/**
 * Matches characters that file systems or shells do not accept in names, and invisible characters, such as those that
 * reverse the direction of text.
 */
const unsafeCharacters = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd/\\:*?"<>|]/gu;
/** Matches names that Windows reserves for devices, with any extension. */
const deviceName = /^(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(\.|$)/i;
/** Maximum size of a name. File systems accept 255 bytes, and the code of this project appends extensions. */
const maxBytes = 200;

/**
 * Converts a text from a user to a file name that is valid on all common systems. The name is one path
 * segment, is not hidden or empty, and has at most 200 bytes of UTF-8. A text that is already valid is
 * unchanged.
 */
export function toFileName(text: string, whenEmpty: string): string {
  const plain = text
    .normalize('NFC')
    .toWellFormed()
    .replace(unsafeCharacters, '_')
    .trim()
    .replace(/^\.+/, '_');
  const name = truncate(plain, maxBytes).replace(/[. ]+$/, '');
  if (name === '') return whenEmpty;
  return deviceName.test(name) ? `_${name}` : name;
}

/** Returns the longest prefix of a text that has at most `maxLength` bytes and does not split a character. */
function truncate(text: string, maxLength: number): string {
  let prefix = '';
  let usedBytes = 0;
  for (const character of text) {
    usedBytes += Buffer.byteLength(character);
    if (usedBytes > maxLength) break;
    prefix += character;
  }
  return prefix;
}

/**
 * Returns the Content-Disposition header for a download (RFC 6266). `filename` contains the name with `_` instead of
 * `%`, quotes, backslashes and characters outside ASCII, which clients parse in different ways. If it differs from
 * the name, `filename*` (RFC 8187) contains the exact name.
 */
export function attachmentOf(fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["%\\]/gu, '_');
  const plain = `attachment; filename="${ascii}"`;
  return ascii === fileName ? plain : `${plain}; filename*=UTF-8''${encodeExtended(fileName)}`;
}

/**
 * Encodes a text with encodeURIComponent, and also encodes `'`, `(`, `)` and `*`, which RFC 8187 (3.2.1) does not
 * allow.
 */
function encodeExtended(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
}
