// Draws a random sample of the project's English for a cold reading: 40 paragraphs of docs, 80 comments with the code
// that follows them, and 40 test titles with their `describe` titles. A reader who has not seen the code marks each
// item that must be read twice.
// Usage: node scripts/prose/sample.mjs SEED >sample.md
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const SHOWN_CODE_LINES = 3;
const seed = process.argv[2];
if (seed === undefined) {
  console.error('Usage: node scripts/prose/sample.mjs SEED');
  process.exit(2);
}

/** Creates a generator of numbers from 0 to 1. The numbers are the same for the same seed (mulberry32). */
function createRandom(text) {
  let state = [...text].reduce((hash, char) => (hash * 31 + char.codePointAt(0)) | 0, 7);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function listFiles(...patterns) {
  const listed = execFileSync('git', ['ls-files', '--', ...patterns], { encoding: 'utf8' });
  return listed.split('\n').filter((path) => path !== '');
}

function paragraphsOf(path) {
  const prose = readFileSync(path, 'utf8').replace(/^(```|~~~)[^\n]*\n[\s\S]*?^\1/gmu, '');
  const paragraphs = prose.split(/\n\s*\n/u).map((text) => text.trim());
  return paragraphs
    .filter((text) => text.length > 40 && !/^(#|<|!\[)/u.test(text))
    .map((text) => ({ title: path, text }));
}

function commentsOf(path) {
  const source = readFileSync(path, 'utf8');
  const found = [
    ...source.matchAll(/^[ \t]*(?:\/\*\*[\s\S]*?\*\/|(?:\/\/[^\n]*(?:\n[ \t]*\/\/[^\n]*)*))/gmu),
  ];
  return found
    .filter(([text]) => !/biome-ignore|@ts-|<reference/u.test(text))
    .map((match) => {
      const following = source.slice(match.index + match[0].length).split('\n');
      const code = following.slice(1, 1 + SHOWN_CODE_LINES).map((line) => `> ${line}`);
      return { title: path, text: [match[0], ...code].join('\n') };
    });
}

/** Returns the test titles in a file. Indentation decides which `describe` titles belong to a test. */
function titlesOf(path) {
  const titles = [];
  let groups = [];
  const pattern =
    /^([ \t]*)(describe\w*|it|test)(?:\.\w+)*(?:\([^'"`\n]*\)|<[^>]*>)*\(\s*('(?:\\.|[^'\\])*'|`[^`]*`|"[^"]*")/gmu;
  for (const [, indent, kind, quoted] of readFileSync(path, 'utf8').matchAll(pattern)) {
    groups = groups.filter((group) => group.indent.length < indent.length);
    const title = quoted.slice(1, -1);
    if (kind.startsWith('describe')) groups.push({ indent, title });
    else titles.push({ title: path, text: [...groups.map((group) => group.title), title].join(' > ') });
  }
  return titles;
}

const random = createRandom(seed);

function draw(items, count) {
  const left = [...items];
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(Math.floor(random() * left.length), 1),
  ).flat();
}

function print(heading, letter, items) {
  console.log(`# ${heading}\n`);
  for (const [index, { title, text }] of items.entries())
    console.log(`## ${letter}${index + 1} ${title}\n${text}\n`);
}

const code = listFiles('*.ts', '*.tsx', '*.mjs').filter((path) => !path.includes('generated'));
const pages = listFiles('*.md');
print('Paragraphs', 'P', draw(pages.flatMap(paragraphsOf), 40));
print('Comments', 'C', draw(code.flatMap(commentsOf), 80));
print('Test titles', 'T', draw(listFiles('test/*.test.ts').flatMap(titlesOf), 40));
