import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Returns the paths of the files and directories in DATA_DIR. */
export function dataPaths(dataDir: string) {
  return {
    controlStore: join(dataDir, 'control', 'control.sqlite'),
    journal: join(dataDir, 'journal'),
    masterKey: join(dataDir, 'master-key'),
    adminToken: join(dataDir, 'admin-token'),
    clickHouse: join(dataDir, 'clickhouse'),
  };
}

/** Returns the project's root directory, which is above dist/src/app (built) or src/app (tests). */
function findRoot(): string {
  const here = fileURLToPath(new URL('.', import.meta.url));
  return here.replace(/(\/dist)?\/src\/app\/?$/, '');
}

export const projectPaths = {
  controlMigrations: join(findRoot(), 'sql', 'control'),
  clickHouseMigrations: join(findRoot(), 'sql', 'clickhouse'),
  packageFile: join(findRoot(), 'package.json'),
  webApp: join(findRoot(), 'dist', 'dashboards', 'web'),
};
