import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlConfig } from '../../src/app/parts/control.ts';
import { createTemporaryDirectory } from './temporary-directory.ts';

/** One control store of a test: empty, and nobody else's. */
export interface ControlPlace {
  /** As `openControl` takes it, in this process. */
  readonly config: Omit<ControlConfig, 'adminToken'>;
  /** As a process takes it. */
  readonly env: Readonly<Record<string, string>>;
  /** Every byte that lies in the store now. */
  readBytes(): Promise<Buffer>;
  remove(): Promise<void>;
}

/** A kind of control store. The cases that hold for each kind are functions of it. */
export interface ControlStores {
  readonly name: string;
  create(): Promise<ControlPlace>;
}

/** SQLite in a data directory, with the master key that is made there. */
export const embeddedStores: ControlStores = {
  name: 'SQLite',
  async create() {
    const { path, remove } = createTemporaryDirectory('control');
    const files = ['control.sqlite', 'control.sqlite-wal'].map((name) => join(path, 'control', name));
    return {
      config: { dataDir: path, databaseUrl: undefined, databaseCaFile: undefined, masterKey: undefined },
      env: { DATA_DIR: path },
      readBytes: async () => Buffer.concat(files.map((file) => readFileSync(file))),
      remove: async () => remove(),
    };
  },
};
