/** Parses CSV strictly by RFC 4180: every record ends with CRLF. */
export function readCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    const [field, end] = readField(text, at);
    record.push(field);
    if (text[end] === ',') {
      at = end + 1;
    } else if (text.startsWith('\r\n', end)) {
      records.push(record);
      record = [];
      at = end + 2;
    } else throw new Error(`no field ends at ${end}`);
  }
  if (record.length > 0) throw new Error('the last record has no end');
  return records;
}

function readField(text: string, from: number): [field: string, end: number] {
  if (text[from] !== '"') {
    const end = from + (/[",\r\n]/.exec(text.slice(from))?.index ?? text.length);
    return [text.slice(from, end), end];
  }
  let field = '';
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] !== '"') field += text[at];
    else if (text[at + 1] === '"') {
      field += '"';
      at += 1;
    } else return [field, at + 1];
  }
  throw new Error('a quoted field has no end');
}
