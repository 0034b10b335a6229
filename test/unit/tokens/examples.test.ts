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

/** The one program of a language on the page. */
function programOf(language: string): string {
  const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === language);
  expect(blocks).toHaveLength(1);
  return blocks[0]?.[2] ?? '';
}

const works = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
// Debian's own Python has Debian's jwcrypto, whatever stands before it on the path.
const python = ['/usr/bin/python3', 'python3'].find((one) => works(one, '-c', 'import jwcrypto'));
const claims = {
  sub: 'zoë@例え.jp',
  trc: ['Zoë', '\u{1f600}'],
  grants: { res: ['dashboards/1'], prm: ['filter'] },
};

describe('the programs of docs/reference/tokens.md make tokens that can be exchanged', () => {
  it.each([
    { language: 'js', file: 'mint.mjs', command: process.execPath, isThere: true },
    { language: 'python', file: 'mint.py', command: python ?? '', isThere: python !== undefined },
    { language: 'java', file: 'Mint.java', command: 'java', isThere: works('java', '-version') },
  ])('$language', async ({ language, file, command, isThere }) => {
    if (!isThere && process.env['CI'] !== 'true')
      return console.warn(`not run, its tools are not there: the example in ${language}`);
    // A check that skips in silence proves nothing.
    expect(isThere, `the tools of the example in ${language} are there`).toBe(true);
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

  it('and the page says which ones nobody runs', () => {
    for (const language of ['go', 'csharp']) expect(programOf(language)).not.toBe('');
    expect(page.match(/\(not run by the tests\)/g)).toHaveLength(2);
  });
});
