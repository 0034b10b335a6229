// Builds everything that is out of date: the server into dist/, the dashboard into dist/dashboards/web, the browser
// client into dist/client. It must be fast if nothing has changed, because every `npm start` runs it.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
function run(tool, ...args) {
  const program = join(root, 'node_modules', ...tool);
  const { status } = spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function newestMs(directory) {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return Math.max(...entries.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}

function isUpToDate(sources, built) {
  return (
    existsSync(join(root, built)) && statSync(join(root, built)).mtimeMs >= newestMs(join(root, sources))
  );
}

run(['typescript', 'bin', 'tsc'], '-p', '.');
if (!isUpToDate('dashboards/web', 'dist/dashboards/web/index.html')) {
  run(['vite', 'bin', 'vite.js'], 'build', 'dashboards/web', '--logLevel', 'warn');
}
if (!isUpToDate('src/client', 'dist/client/index.js')) {
  run(['typescript', 'bin', 'tsc'], '-p', 'src/client');
  run(
    ['vite', 'bin', 'vite.js'],
    'build',
    'src/client',
    '--config',
    'src/client/vite.config.ts',
    '--logLevel',
    'warn',
  );
}
