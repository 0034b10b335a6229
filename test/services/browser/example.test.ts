import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createActiveToken } from '../../integration/http/support/access-api.ts';
import { useInstance } from '../../integration/http/support/instance.ts';
import { freePort } from '../../support/app-process.ts';
import { startChromium } from '../../support/browser/chromium.ts';
import { describeServices } from '../../support/services/need.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const appPort = await freePort();

/** Returns the single code block of a language in docs/reference/client.md. */
function blockOf(language: string): string {
  const text = readFileSync(join(root, 'docs/reference/client.md'), 'utf8');
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === language);
  expect(blocks).toHaveLength(1);
  return blocks[0]?.[2] ?? '';
}

describeServices('the example of docs/reference/client.md', ['chromium'], () => {
  const instance = useInstance({ ALLOWED_ORIGINS: `http://127.0.0.1:${appPort}` });

  it('greets the viewer and opens one session', async () => {
    const { path, remove } = createTemporaryDirectory('client-example');
    onTestFinished(remove);
    mkdirSync(join(path, 'node_modules'));
    symlinkSync(root, join(path, 'node_modules', 'watmeter'));
    const page = blockOf('html').replace('https://watmeter.example.com', instance().url);
    expect(page).toContain(instance().url);
    writeFileSync(join(path, 'page.html'), page);
    writeFileSync(join(path, 'server.mjs'), blockOf('js'));
    const { id } = await instance().configuration('Example');
    const { token } = await createActiveToken(instance(), { scopes: ['tokens:request'] });
    const server = spawn(process.execPath, ['server.mjs'], {
      cwd: path,
      stdio: 'inherit',
      env: {
        PORT: String(appPort),
        WATMETER_URL: instance().url,
        WATMETER_API_TOKEN: token,
        CONFIGURATION_ID: id,
      },
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
