import { inflateRawSync } from 'node:zlib';

/** A cell as the worksheet stores it. A date is a number of days with a style. */
export type SheetCell = string | number | boolean | null;

/** Parses the only worksheet of a workbook from its XML, row by row. Missing cells are null. */
export function readSheet(workbook: Uint8Array): SheetCell[][] {
  const xml = entryOf(Buffer.from(workbook), 'xl/worksheets/sheet1.xml');
  return [...xml.matchAll(/<row [^>]*?(?:\/>|>(.*?)<\/row>)/gs)].map(([, cells = '']) => {
    const row: SheetCell[] = [];
    for (const [, column = '', attributes = '', content = ''] of cells.matchAll(
      /<c r="([A-Z]+)\d+"([^>]*?)(?:\/>|>(.*?)<\/c>)/gs,
    )) {
      const index = columnOf(column);
      while (row.length < index) row.push(null);
      row[index] = cellOf(attributes, content);
    }
    return row;
  });
}

/** Converts a number of days in the 1900 date system to ISO text without an offset. */
export function clockOf(days: SheetCell | undefined): string {
  return new Date(Math.round((Number(days) - 25_569) * 86_400_000)).toISOString().slice(0, 23);
}

function cellOf(attributes: string, content: string): SheetCell {
  const text = /<(?:t|v)[^>]*>(.*?)<\/(?:t|v)>/s.exec(content)?.[1] ?? '';
  if (/t="inlineStr"/.test(attributes)) return unescaped(text);
  if (/t="b"/.test(attributes)) return text === '1';
  return content === '' ? null : Number(text);
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
    .replace(/_x([0-9A-F]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

const columnOf = (letters: string) =>
  [...letters].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1;

/** Finds an entry of a ZIP archive through the central directory, and returns its content as text. */
function entryOf(zip: Buffer, name: string): string {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      zip.readUInt16LE(at + offset),
    );
    const found = zip.toString('utf8', at + 46, at + 46 + (nameLength ?? 0));
    if (found === name) return inflated(zip, zip.readUInt32LE(at + 42), zip.readUInt32LE(at + 20));
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
  }
  throw new Error(`the archive has no ${name}`);
}

function inflated(zip: Buffer, header: number, size: number): string {
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  return inflateRawSync(zip.subarray(start, start + size)).toString('utf8');
}
