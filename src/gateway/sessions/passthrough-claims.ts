/** JSON texts of the claims that a session carries; undefined where the token had none. */
export interface CarriedTexts {
  readonly grants: string | undefined;
  readonly lng: string | undefined;
  readonly loc: string | undefined;
  readonly thm: string | undefined;
}

/**
 * Takes the JSON text of an object apart, as `JSON.stringify` has written it, without parsing what its members hold:
 * grants may be long, and nest deeper than the stack can follow. Pure.
 */
export function splitCarried(carried: string): CarriedTexts {
  const members = new Map<string, string>();
  let at = 1;
  while (carried[at] === '"') {
    const nameEnd = carried.indexOf('"', at + 1);
    const end = endOfValue(carried, nameEnd + 2);
    members.set(carried.slice(at + 1, nameEnd), carried.slice(nameEnd + 2, end));
    at = end + 1;
  }
  const [grants, lng, loc, thm] = ['grants', 'lng', 'loc', 'thm'].map((name) => members.get(name));
  return { grants, lng, loc, thm };
}

/** Where the value that begins here ends: at the comma or bracket that belongs to what is around it. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === '{' || char === '[') depth += 1;
    else if (depth === 0 && (char === ',' || char === '}')) return at;
    else if (char === '}' || char === ']') depth -= 1;
  }
  return text.length;
}

/** The closing quote of the string whose opening one is here. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** A claim that should be a short text, such as a language; undefined for anything else. */
export function shortTextOf(json: string | undefined): string | undefined {
  if (json === undefined || json.length > 2048) return undefined;
  const value: unknown = JSON.parse(json);
  return typeof value === 'string' ? value : undefined;
}
