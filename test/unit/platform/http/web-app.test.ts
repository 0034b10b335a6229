import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHttpServer, type HttpServer } from '../../../../src/platform/http/server.ts';
import { registerWebApp } from '../../../../src/platform/http/web-app.ts';
import { createLogger } from '../../../../src/platform/logger.ts';

const logger = createLogger({ logLevel: 'silent' });
let directory: string;
let server: HttpServer;

const writeBuild = (hash: string) => {
  rmSync(join(directory, 'assets'), { recursive: true, force: true });
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'assets', `index-${hash}.js`), hash);
  writeFileSync(join(directory, 'index.html'), `<script src="/assets/index-${hash}.js"></script>`);
};

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'watmeter-web-'));
  writeBuild('first');
  server = await createHttpServer({ trustProxy: false }, logger);
  await registerWebApp(server, { directory, reserved: ['api', 'assets'] }, logger);
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

it('the server serves the files of a later build of the web app without a restart', async () => {
  expect((await server.inject('/assets/index-first.js')).body).toBe('first');
  writeBuild('second');
  expect((await server.inject('/')).body).toContain('index-second.js');
  const asset = await server.inject('/assets/index-second.js');
  expect([asset.statusCode, asset.body, asset.headers['cache-control']]).toEqual([
    200,
    'second',
    'public, max-age=31536000, immutable',
  ]);
  const removed = await server.inject('/assets/index-first.js');
  expect([removed.statusCode, removed.headers['cache-control']]).toEqual([404, 'no-store']);
});

it.each(['/assets/', '/assets/%2e%2e%2findex.html', '/assets/..%2findex.html'])(
  'the server does not list the directory of assets, and serves no file outside it: %s',
  async (url) => {
    expect((await server.inject(url)).statusCode).toBe(404);
  },
);
