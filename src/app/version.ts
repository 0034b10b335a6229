import { readFileSync } from 'node:fs';
import { projectPaths } from './data-paths.ts';

/** Returns the version of watmeter from package.json. */
export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(projectPaths.packageFile, 'utf8')) as { version: string };
  return version;
}
