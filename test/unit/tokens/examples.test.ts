import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { createFixtureOpener, kid, publicKey } from './support/fixtures.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = readFileSync(join(root, 'docs/reference/tokens.md'), 'utf8');

/** Returns the program in this language. The page must contain exactly one. */
function programOf(language: string): string {
  const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === language);
  expect(blocks).toHaveLength(1);
  return blocks[0]?.[2] ?? '';
}

const works = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
// Debian's Python finds Debian's jwcrypto, even if another Python comes first in the PATH.
const python = ['/usr/bin/python3', 'python3'].find((candidate) => works(candidate, '-c', 'import jwcrypto'));
const claims = {
  sub: 'zoë@例え.jp',
  trc: ['Zoë', '\u{1f600}'],
  grants: { res: ['dashboards/1'], prm: ['filter'] },
};

describe('the programs of docs/reference/tokens.md', () => {
  it.each([
    { language: 'js', file: 'mint.mjs', command: process.execPath, isInstalled: true },
    { language: 'python', file: 'mint.py', command: python ?? '', isInstalled: python !== undefined },
    { language: 'java', file: 'Mint.java', command: 'java', isInstalled: works('java', '-version') },
  ])('create tokens that can be exchanged: $language', async ({ language, file, command, isInstalled }) => {
    if (!isInstalled && process.env['CI'] !== 'true')
      return console.warn(`SKIPPED: the example in ${language}: its tools are not installed`);
    // In CI, missing tools make the test fail. A skipped test would look like a passed one.
    expect(isInstalled, `the tools of the example in ${language} are installed`).toBe(true);
    const folder = temporaryDirectory('example');
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, file), programOf(language));
    writeFileSync(join(folder, 'key.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
    const { status, stdout, stderr } = spawnSync(command, [file, kid, 'key.pub'], {
      cwd: folder,
      input: JSON.stringify(claims),
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    const opened = await createFixtureOpener(systemClock).open(stdout.trim());
    expect(opened).toMatchObject({
      ok: true,
      token: { configurationId: kid, claims: { subject: claims.sub, tags: claims.trc } },
    });
    if (opened.ok)
      expect(JSON.parse(opened.token.claims.passthroughClaims)).toEqual({ grants: claims.grants });
  });

  it('are marked on the page if the tests do not run them', () => {
    for (const language of ['go', 'csharp']) expect(programOf(language)).not.toBe('');
    expect(page.match(/\(not run by the tests\)/g)).toHaveLength(2);
  });
});
