import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
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
 * Reads a secret from a file, or makes one on the first start. The file appears whole or not at all (written
 * aside, synced, then linked into place), mode 0600, and is never overwritten.
 */
export function readOrCreateSecretFile(directory: string, name: string, make = randomSecret): string {
  const path = join(directory, name);
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  writeNewSecretFile(path, make());
  return readFileSync(path, 'utf8').trim();
}

function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

function writeNewSecretFile(path: string, secret: string): void {
  const aside = `${path}.${randomBytes(4).toString('hex')}`;
  const file = openSync(aside, 'wx', 0o600);
  writeSync(file, `${secret}\n`);
  fsyncSync(file);
  closeSync(file);
  try {
    linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(aside);
  }
}
