import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { useInstance } from '../../integration/http/support/instance.ts';
import { mint } from '../../support/api.ts';
import { freePort } from '../../support/app-process.ts';
import {
  createReaderDirectory,
  readableByOthers,
  readCommands,
  runCommands,
} from '../../support/documented-commands.ts';

const applicationPort = await freePort();
const target = `http://127.0.0.1:${applicationPort}`;
const instance = useInstance({ LINK_TARGET_URL: target });
const commandsOf = (page: string) => readCommands(page, 'test/services/docs/tutorials.test.ts');

it('the commands of "Your first session" start one session, which is counted, and keep secrets in files of mode 0600', async () => {
  const blocks = commandsOf('docs/tutorials/first-session.md');
  expect(blocks).toHaveLength(4);
  const folder = createReaderDirectory();
  const { stdout, stderr } = await runCommands(blocks, { folder, url: instance().url });
  expect(stderr).not.toMatch(/error|not valid/i);
  expect(stdout).toMatch(/^[0-9a-f]{24}\nvalid\n/);
  expect(stdout).toMatch(/"webSessionToken":"wms1\./);
  expect(stdout).toMatch(/time zone\s+Europe\/Berlin/);
  expect(stdout).toMatch(/total\s+1\n/);
  expect(readableByOthers(folder)).toEqual([]);
});

/** Runs a tutorial's application until the test ends. */
async function startApplication(page: string, folder: string): Promise<void> {
  const text = readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8');
  const [, source = ''] = /```js\n(.*?)```/s.exec(text) ?? [];
  expect(source).toContain('3000');
  writeFileSync(join(folder, 'application.mjs'), source.replace('3000', String(applicationPort)));
  const application = spawn(process.execPath, ['application.mjs'], { cwd: folder, stdio: 'inherit' });
  onTestFinished(async () => {
    application.kill();
    await once(application, 'exit');
  });
  await vi.waitFor(() => fetch(target), { timeout: 10_000 });
}

it('the link in "Embed a link" opens the application', async () => {
  await startApplication('docs/tutorials/embed-a-link.md', createReaderDirectory());
  const token = await mint(await instance().configuration('Followed'), { sub: 'alice' });
  const opened = await fetch(`${instance().url}/wat/${token}/dashboards/42?from=2026-01-01`);
  expect([opened.url, await opened.text()]).toEqual([
    `${target}/dashboards/42?from=2026-01-01`,
    'You opened /dashboards/42?from=2026-01-01\n',
  ]);
});

it('the commands of "Embed a link" print the link and identify its viewer', async () => {
  const blocks = commandsOf('docs/tutorials/embed-a-link.md');
  expect(blocks).toHaveLength(2);
  const folder = createReaderDirectory();
  const token = await mint(await instance().configuration('Embedded'), { sub: 'alice' });
  writeFileSync(join(folder, 'wat.txt'), `${token}\n`, { mode: 0o600 });
  const { stdout } = await runCommands(blocks, { folder, url: instance().url });
  expect(stdout).toContain(`${instance().url}/wat/${token}/dashboards/42?from=2026-01-01\n`);
  expect(stdout).toMatch(/\nHTTP\/1\.1 204 No Content\r\n/);
  expect(stdout).toMatch(/\r\nx-wat-subject: alice\r\n/i);
  expect(readableByOthers(folder)).toEqual([]);
});
