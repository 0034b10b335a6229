/**
 * Matches the next token of a JSON text, after white space: a punctuation mark (group `mark`), a string (group
 * `text`), or another value.
 */
const token =
  /[ \t\n\r]*(?:(?<mark>[{}[\],:])|(?<text>"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

/** The tokens that may follow in each state. A mark is itself; `s` is a string, and `v` is another value. */
const allowedKinds = {
  value: '{[sv',
  'value or ]': '{[sv]',
  key: 's',
  'key or }': 's}',
  ':': ':',
  ', or }': ',}',
  ', or ]': ',]',
  end: '',
} as const;
type State = keyof typeof allowedKinds;

/**
 * Returns the position at which a text stops being valid JSON, such as "line 2, column 5". Unlike the message of
 * JSON.parse, the result contains no part of the text, which may be secret.
 */
export function placeOfJsonFault(text: string): string {
  const before = text.slice(0, indexOfJsonFault(text)).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

function indexOfJsonFault(text: string): number {
  const open: string[] = [];
  let state: State = 'value';
  let index = 0;
  for (;;) {
    token.lastIndex = index;
    const match: RegExpExecArray | null = token.exec(text);
    const kind = match?.groups?.['mark'] ?? (match?.groups?.['text'] === undefined ? 'v' : 's');
    if (match === null || !allowedKinds[state].includes(kind)) return index + countSpaces(text.slice(index));
    state = stateAfter(kind, state, open);
    index += match[0].length;
  }
}

/** Returns the state after an allowed token. Also updates `open`, the objects and lists that are not closed yet. */
function stateAfter(kind: string, state: State, open: string[]): State {
  if (kind === '{' || kind === '[') {
    open.push(kind);
    return kind === '{' ? 'key or }' : 'value or ]';
  }
  if (kind === ':') return 'value';
  if (kind === ',') return open.at(-1) === '{' ? 'key' : 'value';
  if (kind === 's' && state.startsWith('key')) return ':';
  if (kind === '}' || kind === ']') open.pop();
  if (open.length === 0) return 'end';
  return open.at(-1) === '{' ? ', or }' : ', or ]';
}

function countSpaces(text: string): number {
  return /^[ \t\n\r]*/.exec(text)?.[0].length ?? 0;
}
