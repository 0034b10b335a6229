import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

interface LockedPackage {
  readonly dev?: true;
  readonly devOptional?: true;
}

/**
 * Copies, without Docker, the content of the `cluster` image that the Dockerfile defines: the built program and its
 * packages, without the embedded ClickHouse. Returns the path of the copied program.
 */
export function copyClusterImage(directory: string): string {
  for (const name of ['package.json', 'dist', 'sql', 'bin'])
    cpSync(join(root, name), join(directory, name), { recursive: true });
  for (const path of neededPackages()) cpSync(join(root, path), join(directory, path), { recursive: true });
  return join(directory, 'bin', 'watmeter.cjs');
}

function neededPackages(): string[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional && isOutermost(path))
    .map(([path]) => path)
    .filter((path) => !/^node_modules\/(chdb$|@chdb\/)/.test(path) && existsSync(join(root, path)));
}

/** Returns whether a package is at the top level. A nested package is copied with the package that contains it. */
function isOutermost(path: string): boolean {
  return path.lastIndexOf('node_modules/') === 0;
}
