// npm run bench -- NAME: compiles bench/ into dist/bench and runs one bench. The last line of its output is
// one JSON object.
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

const { status } = spawnSync(process.execPath, [compiler, '-p', 'bench'], {
  cwd: root,
  stdio: ['ignore', process.stderr, 'inherit'],
});
if (status !== 0) process.exit(status ?? 1);
// The benches start real servers with modules of the tests. Their other files must be copied, because the compiler
// copies only TypeScript files.
cpSync(join(root, 'test', 'support'), join(root, 'dist', 'test', 'support'), {
  recursive: true,
  filter: (path) => !path.endsWith('.ts'),
});
const { main } = await import('../dist/bench/main.js');
process.exitCode = await main(process.argv.slice(2));
