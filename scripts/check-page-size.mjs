// Checks the size of the dashboard's first page: what a browser loads before it shows the usage page.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const directory = fileURLToPath(new URL('../dist/dashboards/web', import.meta.url));
const limitsKb = { script: 150, total: 170 };

/** Returns the paths of the files that the page refers to, and of the modules that these files import statically. */
function firstFiles() {
  const html = readFileSync(join(directory, 'index.html'), 'utf8');
  const paths = new Set([...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path));
  for (const path of paths) {
    if (!path.endsWith('.js')) continue;
    const code = readFileSync(join(directory, path), 'utf8');
    for (const [, name] of code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g))
      paths.add(`/assets/${name}`);
  }
  return [...paths];
}

function sizeKb(paths) {
  const bytes = paths.map((path) => gzipSync(readFileSync(join(directory, path)), { level: 9 }).length);
  return bytes.reduce((sum, size) => sum + size, 0) / 1000;
}

const files = firstFiles();
const sizes = { script: sizeKb(files.filter((path) => path.endsWith('.js'))), total: sizeKb(files) };
if (sizes.script === 0) {
  console.error('check-page-size: the page names no script: run npm run build');
  process.exit(1);
}
for (const [name, size] of Object.entries(sizes)) {
  console.log(`first page, ${name}: ${size.toFixed(1)} kB gzip of at most ${limitsKb[name]} kB`);
  if (size > limitsKb[name]) process.exitCode = 1;
}
