import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Folders with paths to built files. The compiler does not check these paths, so they can be wrong. */
const folders = ['.ci', 'bench', 'bin', 'docs', 'examples', 'scripts', 'test'];
const builtFile = /\bdist\/((?:src|consumers)\/[\w./-]+)\.(?:c|m)?js\b/g;

/** Returns each path to a built file of watmeter as the path of its source file, and the file that contains the path. */
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
  it('belong to existing source files', () => {
    expect(mentions().length).toBeGreaterThan(10);
    expect(mentions().filter(({ source }) => !existsSync(source))).toEqual([]);
  });
});
