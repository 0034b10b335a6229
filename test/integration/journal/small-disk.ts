import { execFileSync } from 'node:child_process';
import { statfsSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

export interface SmallDisk {
  readonly path: string;
  readonly freeBytes: () => number;
  /** Room that another program takes, and gives back. */
  readonly ballast: { remove(): void };
}

/**
 * A file system of its own that is soon full. Mounting needs rights that not every machine gives; CI gives them.
 * @returns undefined where it cannot be mounted; in CI that is an error.
 */
export function mountSmallDisk(bytes: number, ballastBytes: number): SmallDisk | undefined {
  const { path, remove } = createTemporaryDirectory('disk');
  onTestFinished(remove);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path], { stdio: 'pipe' });
  } catch (cause) {
    if (process.env['CI'] === 'true') throw new Error('CI must be able to mount a tmpfs', { cause });
    return undefined;
  }
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', path]);
  });
  const ballast = join(path, 'ballast');
  writeFileSync(ballast, Buffer.alloc(ballastBytes));
  return {
    path,
    freeBytes: () => statfsSync(path).bavail * statfsSync(path).bsize,
    ballast: { remove: () => unlinkSync(ballast) },
  };
}
