/** A token of JSON after white space: a mark, a text, or another value. */
const token =
  /[ \t\n\r]*(?:(?<mark>[{}[\],:])|(?<text>"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

/** The marks that may follow in each state, where `s` is a text and `v` is another value. */
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
 * Returns where a text stops being JSON, such as "line 2, column 5". Unlike the message of JSON.parse, the result
 * contains no part of the text.
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

/** Returns the state after an allowed token. Updates the open objects and lists. */
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
