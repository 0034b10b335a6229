import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { messageOf } from '../errors/errors.ts';

export interface DataDirectoryLock {
  release(): void;
}

/**
 * Takes the data directory for this process alone. The lock is a file lock of the operating system (held
 * through SQLite), so it ends with the process, however it ends; a stale lock cannot be left behind.
 * @throws Error when another process has it.
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
 * Reads a secret from a file, or creates it on the first start. The file appears whole or not at all, has mode 0600 and
 * is never overwritten.
 */
export function readOrCreateSecretFile(directory: string, name: string, make = randomSecret): string {
  const path = join(directory, name);
  const existing = readSecretFile(path);
  if (existing !== undefined) return existing;
  const aside = writeAside(path, make());
  try {
    linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(aside);
  }
  return readFileSync(path, 'utf8').trim();
}

/** Writes a secret to a file with mode 0600 and replaces an older one. A reader sees the old secret or the new one. */
export function replaceSecretFile(directory: string, name: string, secret: string): void {
  const path = join(directory, name);
  renameSync(writeAside(path, secret), path);
}

/** Returns the secret in a file, or undefined without the file. */
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

/** Writes a new file next to the path and syncs it. Returns its path. */
function writeAside(path: string, secret: string): string {
  const aside = `${path}.${randomBytes(4).toString('hex')}`;
  const file = openSync(aside, 'wx', 0o600);
  writeSync(file, `${secret}\n`);
  fsyncSync(file);
  closeSync(file);
  return aside;
}
