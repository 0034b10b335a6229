import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { messageOf } from '../errors/errors.ts';

/** Lock of a data directory. Only one process at a time can have it. */
export interface DataDirectoryLock {
  release(): void;
}

/**
 * Locks the data directory for this process. Creates the directory if needed. The lock is a file lock of the
 * operating system, which SQLite holds. The operating system releases it when the process exits, even after a crash,
 * so a stale lock cannot remain.
 * @throws Error if another process has the lock.
 */
export function lockDataDirectory(directory: string): DataDirectoryLock {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const database = new Database(join(directory, 'lock'), { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if (!/locked|busy/i.test(messageOf(cause))) throw cause;
    throw new Error(`${directory} is in use by another watmeter process`, { cause });
  }
  return { release: () => database.close() };
}

/**
 * Returns the secret in a file. The first call creates the file, atomically and with mode 0600. The file is never
 * overwritten.
 */
export function readOrCreateSecretFile(directory: string, name: string, generate = randomSecret): string {
  const path = join(directory, name);
  const existing = readSecretFile(path);
  if (existing !== undefined) return existing;
  const temporaryPath = writeTemporaryFile(path, generate());
  try {
    linkSync(temporaryPath, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(temporaryPath);
  }
  return readFileSync(path, 'utf8').trim();
}

/** Writes a secret to a file with mode 0600. Replaces an existing file atomically. */
export function replaceSecretFile(directory: string, name: string, secret: string): void {
  const path = join(directory, name);
  renameSync(writeTemporaryFile(path, secret), path);
}

/** Returns those of the files that other users of this machine can read or write. Files that do not exist are skipped. */
export function findExposedFiles(paths: readonly string[]): string[] {
  // Windows has no such permission bits.
  if (process.platform === 'win32') return [];
  return paths.filter((path) => ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0);
}

/** Returns the secret in a file, or undefined if the file does not exist. */
export function readSecretFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Writes a secret to a new file in the same directory, syncs it to disk, and returns its path. */
function writeTemporaryFile(path: string, secret: string): string {
  const temporaryPath = `${path}.${randomBytes(4).toString('hex')}`;
  const file = openSync(temporaryPath, 'wx', 0o600);
  writeSync(file, `${secret}\n`);
  fsyncSync(file);
  closeSync(file);
  return temporaryPath;
}
