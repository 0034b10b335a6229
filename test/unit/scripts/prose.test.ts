import { describe, expect, it } from 'vitest';
// @ts-expect-error The script is JavaScript without types.
import { proseOfMarkdown, proseOfSource } from '../../../scripts/prose/extract.mjs';

interface Piece {
  readonly text: string;
  readonly line: number;
}

const texts = (pieces: readonly Piece[]) => pieces.map(({ text }) => text.trim().replace(/\s+/g, ' '));

describe('proseOfSource', () => {
  it('returns comments and strings with their line numbers, without code', () => {
    const source =
      "/**\n * Returns a row.\n */\nconst whoever = 'a message';\n// First line,\n// second line.\n";
    const pieces: Piece[] = proseOfSource(source);
    expect(texts(pieces)).toEqual(['Returns a row.', "'a message'", 'First line, second line.']);
    expect(pieces.map(({ line }) => line)).toEqual([1, 4, 5]);
  });

  it('omits code spans in comments and expressions in templates', () => {
    const source = `// Calls \`whoever()\`.\nconst text = \`before \${whoever} after\`;\n`;
    const kept = texts(proseOfSource(source));
    expect(kept.join(' ')).not.toContain('whoever');
    expect(kept).toHaveLength(2);
  });

  it('does not read slashes in a string as a comment', () => {
    expect(texts(proseOfSource("const url = 'https://example.com/anew';"))).toEqual([
      "'https://example.com/anew'",
    ]);
  });
});

describe('proseOfMarkdown', () => {
  it('omits code blocks, code spans and link targets, and keeps line numbers', () => {
    const page = 'A [page](anew.md) with `anew`.\n\n```sh\nanew\n```\n\nLast line.\n';
    const [{ text }]: [Piece] = proseOfMarkdown(page);
    expect(text).not.toContain('anew');
    expect(text.split('\n')[6]).toBe('Last line.');
  });
});
