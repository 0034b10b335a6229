/**
 * JSON texts of the claims that a session passes through unchanged. A text is undefined if the token does not have
 * the claim.
 */
export interface PassthroughTexts {
  readonly grants: string | undefined;
  readonly lng: string | undefined;
  readonly loc: string | undefined;
  readonly thm: string | undefined;
}

/**
 * Splits the JSON text of an object, as `JSON.stringify` writes it, into the JSON texts of its members. It does not
 * parse the members, because grants may be long, or nested too deeply for a recursive parser. Pure.
 */
export function splitPassthroughClaims(passthroughClaims: string): PassthroughTexts {
  const members = new Map<string, string>();
  let at = 1;
  while (passthroughClaims[at] === '"') {
    const nameEnd = passthroughClaims.indexOf('"', at + 1);
    const end = findValueEnd(passthroughClaims, nameEnd + 2);
    members.set(passthroughClaims.slice(at + 1, nameEnd), passthroughClaims.slice(nameEnd + 2, end));
    at = end + 1;
  }
  const [grants, lng, loc, thm] = ['grants', 'lng', 'loc', 'thm'].map((name) => members.get(name));
  return { grants, lng, loc, thm };
}

/** Returns the end of the value that starts at `start`: the next comma or closing bracket outside the value. */
function findValueEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = findClosingQuote(text, at);
    else if (char === '{' || char === '[') depth += 1;
    else if (depth === 0 && (char === ',' || char === '}')) return at;
    else if (char === '}' || char === ']') depth -= 1;
  }
  return text.length;
}

/** Returns the position of the closing quote of the string whose opening quote is at `start`. */
function findClosingQuote(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** Returns a claim that should be a short text, such as a language. Returns undefined for any other JSON value. */
export function readShortText(json: string | undefined): string | undefined {
  if (json === undefined || json.length > 2048) return undefined;
  const value: unknown = JSON.parse(json);
  return typeof value === 'string' ? value : undefined;
}
