// Checks the English of docs, comments, test titles, messages and the OpenAPI document against
// scripts/prose/rules.json.
// Usage: node scripts/check-prose.mjs [PATH ...] [--count] [--all]
// Without --all, the paths in `pendingPaths` are not checked, because they do not follow the rules yet. This list
// must only become shorter.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { proseOfMarkdown, proseOfSource, proseOfText } from './prose/extract.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'boolean' }, all: { type: 'boolean' } },
});

const { rules, ignoredPaths, pendingPaths } = JSON.parse(
  readFileSync(join(root, 'scripts/prose/rules.json'), 'utf8'),
);
const compiled = rules.map(({ pattern, use, only }) => ({
  pattern: new RegExp(pattern, 'giu'),
  use,
  only: only === undefined ? undefined : new RegExp(only, 'u'),
}));

const readers = [
  [/\.md$/, proseOfMarkdown],
  [/\.(ts|tsx|mts|mjs|cjs|js)$/, proseOfSource],
  [/\.(sql|yml|yaml|sh|json|conf|html)$|Dockerfile$/, proseOfText],
];

/** Returns the files that git tracks, and new files that git does not ignore. */
function listFiles() {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', ...positionals], {
    cwd: root,
    encoding: 'utf8',
  });
  const leftOut = values.all ? ignoredPaths : [...ignoredPaths, ...pendingPaths];
  const ignored = leftOut.map((text) => new RegExp(text, 'u'));
  return listed
    .split('\n')
    .filter(
      (path) => path !== '' && existsSync(join(root, path)) && !ignored.some((rule) => rule.test(path)),
    );
}

function* faultsOf(path) {
  const reader = readers.find(([pattern]) => pattern.test(path))?.[1];
  if (reader === undefined) return;
  for (const { text, line } of reader(readFileSync(join(root, path), 'utf8'))) {
    for (const { pattern, use, only } of compiled) {
      if (only !== undefined && !only.test(path)) continue;
      for (const match of text.matchAll(pattern)) {
        const at = line + text.slice(0, match.index).split('\n').length - 1;
        yield { path, line: at, found: match[0].replace(/\s+/gu, ' '), use };
      }
    }
  }
}

const faults = listFiles().flatMap((path) => [...faultsOf(path)]);
if (values.count) {
  const counts = new Map();
  for (const { path } of faults) {
    const folder = path.split('/').slice(0, 2).join('/');
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  for (const [folder, count] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`${count}\t${folder}`);
} else {
  for (const { path, line, found, use } of faults) console.log(`${path}:${line}: "${found}" -> ${use}`);
}
if (faults.length > 0) {
  console.log(`${faults.length} wordings to replace (docs/glossary.md and scripts/prose/rules.json)`);
  process.exitCode = 1;
}
