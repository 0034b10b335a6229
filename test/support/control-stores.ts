import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlConfig } from '../../src/app/parts/control.ts';
import { createTemporaryDirectory } from './temporary-directory.ts';

/** An empty control store that only one test uses. */
export interface ControlPlace {
  /** The settings that open the store in this process. */
  readonly config: Omit<ControlConfig, 'adminToken'>;
  /** The environment variables for a watmeter process that opens the store. */
  readonly env: Readonly<Record<string, string>>;
  /** Returns the raw content of the store. */
  readBytes(): Promise<Buffer>;
  remove(): Promise<void>;
}

/** A kind of control store. Test cases that apply to all kinds have a parameter of this type. */
export interface ControlStores {
  readonly name: string;
  create(): Promise<ControlPlace>;
}

/** Control stores in SQLite: each store has its own data directory and a generated master key. */
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
