/** What a file of plain YAML says. */
export type Yaml = string | null | readonly Yaml[] | { readonly [key: string]: Yaml };

interface Line {
  readonly number: number;
  readonly indent: number;
  readonly text: string;
}

/**
 * Reads the small part of YAML that our own files keep to: block maps and lists, scalars on one line, lists in
 * brackets, anchors of maps and merges. Every scalar is text. Anything else is an error, so that a file is never read
 * as less than it says.
 */
export function parsePlainYaml(text: string): Yaml {
  const lines = text.split('\n').flatMap(toLine);
  const anchors = new Map<string, Yaml>();
  let at = 0;

  function fail(line: Line | undefined, why: string): never {
    throw new Error(`line ${line?.number ?? 'end'}: ${why}: ${line?.text ?? ''}`);
  }

  function parseBlock(indent: number): Yaml {
    return lines[at]?.text.startsWith('- ') ? parseList(indent) : parseMap(indent);
  }

  function parseList(indent: number): Yaml {
    const items: Yaml[] = [];
    for (let line = lines[at]; line?.indent === indent && line.text.startsWith('- '); line = lines[at]) {
      const rest = line.text.slice(2);
      if (keyOf(rest) === undefined) {
        at += 1;
        items.push(parseValue(line, rest));
      } else {
        // A map that begins beside the dash: its other keys stand below the first.
        lines[at] = { ...line, indent: indent + 2, text: rest };
        items.push(parseMap(indent + 2));
      }
    }
    return items;
  }

  function parseMap(indent: number): Yaml {
    const own = new Map<string, Yaml>();
    const merged = new Map<string, Yaml>();
    for (let line = lines[at]; line?.indent === indent; line = lines[at]) {
      const found = keyOf(line.text) ?? fail(line, 'no key');
      if (own.has(found.key)) fail(line, 'a key twice');
      at += 1;
      const value = parseEntry(line, found.rest);
      if (found.key === '<<') mergeInto(merged, value, line);
      else own.set(found.key, value);
    }
    const next = lines[at];
    if (next !== undefined && next.indent > indent) fail(next, 'deeper than what it belongs to');
    return Object.fromEntries([...merged, ...own]);
  }

  /** What stands after a key: an anchor, a value on the line, or a block below. */
  function parseEntry(line: Line, rest: string): Yaml {
    const [, anchor, value = ''] = /^(?:&([\w-]+)(?: |$))?(.*)$/.exec(rest) ?? [];
    const below = lines[at];
    const parsed =
      value === ''
        ? below && below.indent > line.indent
          ? parseBlock(below.indent)
          : null
        : parseValue(line, value);
    if (anchor !== undefined) anchors.set(anchor, parsed);
    return parsed;
  }

  function mergeInto(merged: Map<string, Yaml>, value: Yaml, line: Line): void {
    // The first of a list wins.
    for (const one of Array.isArray(value) ? [...value].reverse() : [value]) {
      if (one === null || typeof one !== 'object' || Array.isArray(one)) fail(line, 'not a map');
      for (const [key, entry] of Object.entries(one as Record<string, Yaml>)) merged.set(key, entry);
    }
  }

  function parseValue(line: Line, value: string): Yaml {
    if (value.startsWith('*')) return anchors.get(value.slice(1)) ?? fail(line, 'no such anchor');
    if (value.startsWith('[*'))
      return value
        .slice(1, -1)
        .split(', ')
        .map((one) => parseValue(line, one));
    if (value.startsWith('[')) return JSON.parse(value) as Yaml;
    if (value.startsWith('"')) return JSON.parse(value) as Yaml;
    if (/^['{&|>!%@`]/.test(value) || / #|: /.test(value)) fail(line, 'not plain');
    return value;
  }

  const parsed = parseBlock(0);
  if (at < lines.length) fail(lines[at], 'not read');
  return parsed;
}

function toLine(text: string, index: number): Line[] {
  const content = text.trim();
  if (content === '' || content.startsWith('#') || content === '---') return [];
  return [{ number: index + 1, indent: text.length - text.trimStart().length, text: content }];
}

function keyOf(text: string): { key: string; rest: string } | undefined {
  const [, key, rest = ''] = /^([\w.<-]+):(?: (.*))?$/.exec(text) ?? [];
  return key === undefined ? undefined : { key, rest: rest.trim() };
}
