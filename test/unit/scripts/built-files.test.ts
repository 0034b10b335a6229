import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Types check only TypeScript, so a path to a built file can be wrong in a program, a script or a page. */
const folders = ['.ci', 'bench', 'bin', 'docs', 'examples', 'scripts', 'test'];
const builtFile = /\bdist\/((?:src|consumers)\/[\w./-]+)\.(?:c|m)?js\b/g;

/** Returns each mention of a built file of watmeter, with the file that mentions it. */
function mentions(): { file: string; source: string }[] {
  return folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((file) => /\.([cm]?js|sh|md|ts)$/.test(file) && !file.includes('node_modules'))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(builtFile)].map(([, source]) => ({
        file,
        source: `${source}.ts`,
      })),
    );
}

describe('paths to built files', () => {
  it('have a source file each', () => {
    expect(mentions().length).toBeGreaterThan(10);
    expect(mentions().filter(({ source }) => !existsSync(source))).toEqual([]);
  });
});
