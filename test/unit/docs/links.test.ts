import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)) && !path.startsWith('test/fixtures/'));

function withoutCode(page: string): string {
  return readFileSync(join(root, page), 'utf8')
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, '`');
}

/** Returns the anchors that GitHub creates for a page's headings. */
function anchorsOf(page: string): Set<string> {
  const headings = readFileSync(join(root, page), 'utf8')
    .replace(/^```[\s\S]*?^```/gm, '')
    .matchAll(/^#+ +(.+)$/gm);
  const anchors = new Set<string>();
  for (const [, heading = ''] of headings) {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    anchors.add(text.replace(/[^\p{L}\p{N}\- _]/gu, '').replaceAll(' ', '-'));
  }
  return anchors;
}

function* brokenLinksOf(page: string): Generator<string> {
  for (const [, target = ''] of withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(root, file))) yield target;
    else if (anchor !== undefined && !anchorsOf(file).has(anchor)) yield target;
  }
}

describe('links between pages', () => {
  it.each(pages)('of %s lead to an existing file and heading', (page) => {
    expect([...brokenLinksOf(page)]).toEqual([]);
  });
});

it('docs/README.md lists every page of docs', () => {
  const index = readFileSync(join(root, 'docs/README.md'), 'utf8');
  const missing = pages.filter(
    (page) =>
      page.startsWith('docs/') &&
      page !== 'docs/README.md' &&
      !index.includes(`(${page.slice('docs/'.length)})`),
  );
  expect(missing).toEqual([]);
});
