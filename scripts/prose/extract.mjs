// Finds the prose in a file: each piece is { text, line }, where line is the line of its first character.

/** Returns a Markdown page without its code blocks, code spans and link targets; line numbers stay. */
export function proseOfMarkdown(source) {
  const text = source
    .replace(/^(```|~~~)[^\n]*\n[\s\S]*?^\1/gmu, blank)
    .replace(/`[^`\n]*`/gu, blank)
    .replace(/\]\([^)\n]*\)/gu, blank);
  return [{ text, line: 1 }];
}

/** Returns a file of another language whole. */
export function proseOfText(source) {
  return [{ text: source, line: 1 }];
}

/**
 * Returns the comments and string literals of TypeScript or JavaScript. Comments of one run of lines are one piece, so
 * that a wording is found across a line break. Code spans in comments are left out.
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

/** Keeps the line breaks, so that positions still count lines. */
function blank(text) {
  return text.replace(/[^\n]/gu, ' ');
}
