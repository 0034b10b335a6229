/** What no common file system, shell or person takes well in a file name; marks that turn the direction of writing too. */
const unfit = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd/\\:*?"<>|]/gu;
/** Names that Windows keeps for devices, whatever follows them after a dot. */
const deviceName = /^(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(\.|$)/i;
/** With any ending of ours this stays below the 255 bytes that file systems take. */
const maxBytes = 200;

/**
 * A text that people chose, as the name of a file on any system: one part of a path, never hidden, never empty, at most
 * 200 bytes of UTF-8. Fit names stay as they are.
 */
export function toFileName(text: string, whenEmpty: string): string {
  const plain = text.normalize('NFC').toWellFormed().replace(unfit, '_').trim().replace(/^\.+/, '_');
  const name = cut(plain, maxBytes).replace(/[. ]+$/, '');
  if (name === '') return whenEmpty;
  return deviceName.test(name) ? `_${name}` : name;
}

/** The first whole characters that fit. */
function cut(text: string, bytes: number): string {
  let end = '';
  let used = 0;
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > bytes) break;
    end += character;
  }
  return end;
}

/**
 * The Content-Disposition of a download (RFC 6266). The name goes out in ASCII, and as it is (`filename*`, RFC 8187)
 * where that differs: without `%`, quotes and backslashes in the first form, which clients read in different ways.
 */
export function attachmentOf(fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["%\\]/gu, '_');
  const plain = `attachment; filename="${ascii}"`;
  return ascii === fileName ? plain : `${plain}; filename*=UTF-8''${encodeExtended(fileName)}`;
}

/** encodeURIComponent leaves `'`, `(`, `)` and `*`, which an extended value may not hold (RFC 8187, 3.2.1). */
function encodeExtended(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
}
