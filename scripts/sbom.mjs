// `npm run sbom` writes a CycloneDX bill of materials of all packages to dist/sbom.cdx.json. In it, development packages have the
// property cdx:npm:package:development. The program fails if the bill does not contain a production package of package-lock.json.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const text = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 ** 2,
});
const { bomFormat, specVersion, components } = JSON.parse(text);
if (bomFormat !== 'CycloneDX' || !/^1\.\d+$/.test(specVersion))
  throw new Error('npm wrote no CycloneDX document');

const { packages } = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8'));
const locked = Object.entries(packages)
  .filter(([path, entry]) => path !== '' && !entry.dev && !entry.link)
  .map(([path, { name, version }]) => `${name ?? path.split('node_modules/').at(-1)}@${version}`);
const listed = new Map(components.map((component) => [component['bom-ref'].split('|')[0], component]));
const missing = locked.filter((id) => !listed.has(id));
if (missing.length > 0) throw new Error(`not in the bill of materials: ${missing.join(', ')}`);
mkdirSync(`${root}/dist`, { recursive: true });
writeFileSync(`${root}/dist/sbom.cdx.json`, text);
console.log(`dist/sbom.cdx.json lists ${listed.size} packages`);
