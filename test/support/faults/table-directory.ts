import { readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { dataPaths } from '../../../src/app/data-paths.ts';

/** Returns the directory that contains the parts of session_events. */
export function tableDirectory(dataDir: string): string {
  return realpathSync(join(dataPaths(dataDir).clickHouse, 'data', 'watmeter', 'session_events'));
}

/** Returns the names of the published parts, such as `202611_1_1_0`. */
export function partsOf(table: string): string[] {
  return readdirSync(table).filter((entry) => /^\d{6}_\d+_\d+_\d+$/.test(entry));
}
