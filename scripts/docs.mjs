// Writes the generated pages in docs/ and the API types of the dashboard. With --check, it only lists outdated files,
// and exits with 1 if there are any.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../dist/src/app/config.js';
import { errors, settings } from '../dist/src/app/declared.js';
import { createAllProcess } from '../dist/src/app/processes/all.js';
import { renderConfigurationReference } from '../dist/src/config/reference.js';
import { renderApiReference } from '../dist/src/platform/http/openapi/reference.js';
import { renderErrorReference } from '../dist/src/platform/http/problems/error-reference.js';
import { createLogger } from '../dist/src/platform/logger.js';
import { renderClaimsReference } from '../dist/src/tokens/validation/claims-reference.js';
import { renderTypes } from './openapi/typescript.mjs';

/** Returns the OpenAPI document of a process with default settings. The process is created, but never listens. */
async function describeApi() {
  const directory = mkdtempSync(join(tmpdir(), 'watmeter-docs-'));
  try {
    const parsed = parseConfig({ DATA_DIR: directory, ADMIN_TOKEN: 'only-needed-so-that-none-is-made' });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    const app = await createAllProcess(parsed.config, { logger: createLogger({ logLevel: 'silent' }) });
    const document = await app.openApi();
    await app.stop();
    return document;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const api = await describeApi();
const pages = {
  'docs/reference/api.md': renderApiReference(api),
  'docs/reference/claims.md': renderClaimsReference(),
  'docs/reference/configuration.md': renderConfigurationReference(settings),
  'docs/reference/errors.md': renderErrorReference(errors),
  'docs/reference/openapi.json': `${JSON.stringify(api, null, 2)}\n`,
  'dashboards/web/src/api/schema.ts': renderTypes(api),
};
const isStale = (path) => !existsSync(path) || readFileSync(path, 'utf8') !== pages[path];
const stale = Object.keys(pages).filter(isStale);

if (process.argv.includes('--check')) {
  for (const path of stale) console.error(`${path} is stale: run npm run docs`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const path of stale) writeFileSync(path, pages[path]);
}
