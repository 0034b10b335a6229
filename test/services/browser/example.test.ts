import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { useInstance } from '../../integration/http/support/instance.ts';
import { freePort } from '../../support/app-process.ts';
import { startChromium } from '../../support/browser/chromium.ts';
import {
  createReaderDirectory,
  readableByOthers,
  readCommands,
  runCommands,
} from '../../support/documented-commands.ts';
import { describeServices } from '../../support/services/need.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const appPort = await freePort();

const tutorial = 'docs/tutorials/page-with-the-browser-client.md';

/** Returns the code block of the tutorial in this language. The tutorial must contain exactly one. */
function blockOf(language: string): string {
  const text = readFileSync(join(root, tutorial), 'utf8');
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === language);
  expect(blocks).toHaveLength(1);
  return blocks[0]?.[2] ?? '';
}

describeServices(`the page of ${tutorial}`, ['chromium'], () => {
  const instance = useInstance({ ALLOWED_ORIGINS: `http://127.0.0.1:${appPort}` });

  it('greets the viewer and starts one session', async () => {
    const folder = createReaderDirectory();
    const { id } = await instance().configuration('Example');
    writeFileSync(join(folder, 'newsletter.json'), JSON.stringify({ id }), { mode: 0o600 });
    const commands = readCommands(tutorial, 'test/services/browser/example.test.ts');
    expect(commands).toHaveLength(1);
    await runCommands(commands, { folder, url: instance().url });
    expect(readableByOthers(folder)).toEqual([]);

    symlinkSync(join(root, 'dist'), join(folder, 'dist'));
    const page = blockOf('html').replace('http://127.0.0.1:8080', instance().url);
    expect(page).toContain(instance().url);
    writeFileSync(join(folder, 'page.html'), page);
    writeFileSync(join(folder, 'server.mjs'), blockOf('js'));
    const server = spawn(process.execPath, ['server.mjs'], {
      cwd: folder,
      stdio: 'inherit',
      env: { PORT: String(appPort), WATMETER_URL: instance().url, CONFIGURATION: id },
    });
    onTestFinished(async () => {
      server.kill();
      await once(server, 'exit');
    });
    const url = `http://127.0.0.1:${appPort}/`;
    await vi.waitFor(() => fetch(url), { timeout: 10_000 });

    const chromium = await startChromium();
    onTestFinished(() => chromium.close());
    const tab = await chromium.newPage();
    await tab.goto(url);
    const greeting = () => tab.evaluate(() => document.querySelector('#greeting')?.textContent);
    await expect.poll(greeting, { timeout: 10_000 }).toBe('Hello, jane');
    await instance().settled();
    expect((await instance().get('/api/v1/usage/tags/embedded')).body['total']).toBe(1);
  });
});
