import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small disk below a directory of a data directory, that can be full. */
export interface MemoryDisk {
  /** From now on there is room for so many bytes more. */
  fill(roomBytes?: number): void;
  /** There is room again. */
  empty(): void;
  /** Takes the disk away, with what is on it. */
  remove(): void;
}

const pageBytes = 4096;
const roomyBytes = 512 * 1024 ** 2;

/** Mounts a tmpfs over a directory of a stopped instance, with what the directory holds. */
export function mountMemoryDisk(directory: string): MemoryDisk {
  const aside = mkdtempSync(join(tmpdir(), 'watmeter-test-disk-'));
  const copy = (from: string, to: string) => cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  mkdirSync(directory, { recursive: true });
  copy(directory, aside);
  run('mount', '-t', 'tmpfs', '-o', `size=${roomyBytes},mode=0700`, 'tmpfs', directory);
  // Lazily: a process that is still being killed may hold a file. And also when the test ran out of time.
  const unmount = () => run('umount', '-l', directory);
  process.once('exit', unmount);
  copy(aside, directory);
  rmSync(aside, { recursive: true, force: true });

  return {
    fill(roomBytes = 0) {
      // A disk in use may grow between the two, and cannot be made smaller than what is on it: then once more.
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
