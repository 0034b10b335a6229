import { spawnSync } from 'node:child_process';
import { describe, it } from 'vitest';
import { createTemporaryDirectory } from '../temporary-directory.ts';

/** The requirements of fault injection besides Node.js. */
export type Need = 'strace' | 'mount';

/**
 * Describes a suite that injects faults. If a requirement is missing, the suite fails in CI, because a silent skip
 * would hide that nothing was tested. Outside CI, the suite is skipped and the reason is printed.
 */
export function describeFaultInjection(name: string, needs: readonly Need[], suite: () => void): void {
  const lacking = needs.flatMap((need) => checks[need]() ?? []);
  if (lacking.length === 0) {
    describe(name, suite);
  } else if (process.env['CI'] === 'true') {
    it(name, () => {
      throw new Error(lacking.join('; '));
    });
  } else {
    console.log(`SKIPPED: ${name}: ${lacking.join('; ')}`);
    describe.skip(`${name} (${lacking.join('; ')})`, suite);
  }
}

const checks: Readonly<Record<Need, () => string | undefined>> = {
  strace() {
    const works = spawnSync('strace', ['-D', '-f', '-qq', '-o', '/dev/null', 'true']).status === 0;
    return works ? undefined : 'it needs strace, and permission to trace (apt-get install strace)';
  },
  mount() {
    const { path, remove } = createTemporaryDirectory('mount');
    const works = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path]).status === 0;
    if (works) spawnSync('umount', [path]);
    remove();
    return works ? undefined : 'it needs to mount a tmpfs: run it as root';
  },
};
