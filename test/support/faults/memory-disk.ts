import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small disk, mounted over a directory, that a test can fill. */
export interface MemoryDisk {
  /** Fills the disk until only `roomBytes` bytes are free. */
  fill(roomBytes?: number): void;
  /** Frees the filled space. */
  empty(): void;
  /** Unmounts the disk and discards its content. */
  remove(): void;
}

const pageBytes = 4096;
const roomyBytes = 512 * 1024 ** 2;

/** Mounts a tmpfs over the directory of a stopped instance, with a copy of its content. */
export function mountMemoryDisk(directory: string): MemoryDisk {
  const backup = mkdtempSync(join(tmpdir(), 'watmeter-test-disk-'));
  const copy = (from: string, to: string) => cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  mkdirSync(directory, { recursive: true });
  copy(directory, backup);
  run('mount', '-t', 'tmpfs', '-o', `size=${roomyBytes},mode=0700`, 'tmpfs', directory);
  // The unmount is lazy, because a process that is being killed may still have a file open. It also runs on exit, for
  // a test that timed out.
  const unmount = () => run('umount', '-l', directory);
  process.once('exit', unmount);
  copy(backup, directory);
  rmSync(backup, { recursive: true, force: true });

  return {
    fill(roomBytes = 0) {
      // The used space may grow between the two calls. The kernel then rejects the new size, and the loop tries again.
      for (let tries = 50; ; tries -= 1) {
        const { blocks, bfree, bsize } = statfsSync(directory);
        const bytes = (blocks - bfree) * bsize + Math.ceil(roomBytes / pageBytes) * pageBytes;
        const { status, stderr } = mount('-o', `remount,size=${bytes}`, directory);
        if (status === 0) return;
        if (tries === 0) throw new Error(`the disk could not be filled: ${stderr}`);
      }
    },
    empty: () => run('mount', '-o', `remount,size=${roomyBytes}`, directory),
    remove() {
      process.removeListener('exit', unmount);
      unmount();
    },
  };
}

function mount(...args: string[]) {
  return spawnSync('mount', args, { encoding: 'utf8' });
}

function run(command: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}
