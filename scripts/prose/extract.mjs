// Extracts the prose of a file as pieces { text, line }. `line` is the line of the piece's first character.

/**
 * Returns a Markdown page in which spaces replace code blocks, code spans and link targets. Line numbers do not
 * change.
 */
export function proseOfMarkdown(source) {
  const text = source
    .replace(/^(```|~~~)[^\n]*\n[\s\S]*?^\1/gmu, blank)
    .replace(/`[^`\n]*`/gu, blank)
    .replace(/\]\([^)\n]*\)/gu, blank);
  return [{ text, line: 1 }];
}

/** Returns the whole text of a file as one piece. */
export function proseOfText(source) {
  return [{ text: source, line: 1 }];
}

/**
 * Returns the comments and string literals of TypeScript or JavaScript. Consecutive comment lines are one piece, so
 * that rules find a phrase across a line break. Code spans in comments are replaced by spaces.
 */
export function proseOfSource(source) {
  const pieces = [];
  const token =
    /\/\*[\s\S]*?\*\/|(?:^[ \t]*\/\/[^\n]*\n?)+|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/gmu;
  for (const match of source.matchAll(token)) {
    const line = source.slice(0, match.index).split('\n').length;
    pieces.push({ text: cleaned(match[0]), line });
  }
  return pieces;
}

function cleaned(token) {
  if (!token.trimStart().startsWith('/')) return token.replace(/\$\{[^}]*\}/gu, blank);
  return token
    .replace(/^[ \t]*(\/\*\*?|\*\/|\*|\/\/)/gmu, (mark) => ' '.repeat(mark.length))
    .replace(/`[^`\n]*`/gu, blank);
}

/** Replaces every character except line breaks with a space, so that positions still give the right line. */
function blank(text) {
  return text.replace(/[^\n]/gu, ' ');
}
