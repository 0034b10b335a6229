// Writes the pages of docs/ that are made from the code; with --check, says which are stale and exits with 1.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { renderConfigurationReference } from '../dist/src/config/reference.js';
import { renderErrorReference } from '../dist/src/platform/http/error-reference.js';
import { renderClaimsReference } from '../dist/src/tokens/claims-reference.js';

const pages = {
  'docs/claims.md': renderClaimsReference(),
  'docs/configuration.md': renderConfigurationReference(),
  'docs/errors.md': renderErrorReference(),
};
const isStale = (path) => !existsSync(path) || readFileSync(path, 'utf8') !== pages[path];
const stale = Object.keys(pages).filter(isStale);

if (process.argv.includes('--check')) {
  for (const path of stale) console.error(`${path} is stale: run npm run docs`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const path of stale) writeFileSync(path, pages[path]);
}
