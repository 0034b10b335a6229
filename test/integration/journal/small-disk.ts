import { execFileSync } from 'node:child_process';
import { statfsSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

export interface SmallDisk {
  readonly path: string;
  readonly freeBytes: () => number;
  /** A file that occupies space on the disk until `remove` is called. */
  readonly ballast: { remove(): void };
}

/**
 * Mounts a separate, small file system. Mounting needs root, which CI has and other machines may not have.
 * @returns undefined if mounting is not permitted.
 * @throws Error in CI if mounting fails.
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
