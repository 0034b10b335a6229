import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { adminToken } from './app-process.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Returns, in order, the shell blocks of a page that follow a `run by` comment with the path of this test file. */
export function readCommands(page: string, testFile: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return text
    .split(`<!-- run by ${testFile} -->\n\`\`\`sh\n`)
    .slice(1)
    .map((rest) => rest.slice(0, rest.indexOf('```')));
}

/**
 * Creates a directory that looks like a checkout to the documented commands: `npx watmeter` is this build, and
 * `data/admin-token` contains the administrator token. The directory is removed when the test ends.
 */
export function createReaderDirectory(): string {
  const folder = temporaryDirectory('reader');
  const npx = join(folder, 'npx');
  const entry = join(root, 'bin/watmeter.cjs');
  writeFileSync(npx, `#!/bin/sh\nshift\nexec '${process.execPath}' '${entry}' "$@"\n`);
  chmodSync(npx, 0o755);
  mkdirSync(join(folder, 'data'), { mode: 0o700 });
  writeFileSync(join(folder, 'data', 'admin-token'), `${adminToken}\n`, { mode: 0o600 });
  return folder;
}

export interface CommandRun {
  readonly folder: string;
  readonly url: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs shell commands in a reader directory. The address 127.0.0.1:8080 in the commands is replaced with the address
 * of the instance at `url`.
 * @throws Error if a command fails.
 */
export async function runCommands(
  blocks: readonly string[],
  { folder, url, env }: CommandRun,
): Promise<{ stdout: string; stderr: string }> {
  const { host, port } = new URL(url);
  const script = blocks.join('\n').replaceAll('127.0.0.1:8080', host);
  return promisify(execFile)('sh', ['-ec', script], {
    cwd: folder,
    env: { PATH: `${folder}:${process.env['PATH']}`, PORT: port, ...env },
  });
}

/** Returns the files in a reader directory that other users of the machine can read. */
export function readableByOthers(folder: string): string[] {
  return readdirSync(folder).filter(
    (name) =>
      name !== 'npx' && existsSync(join(folder, name)) && (statSync(join(folder, name)).mode & 0o077) !== 0,
  );
}
