import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { useInstance } from '../../integration/http/support/instance.ts';
import { browserHeaders, countSessions, visit } from '../../integration/http/support/links.ts';
import { mint, type TestConfiguration } from '../../support/api.ts';
import { freePort } from '../../support/app-process.ts';
import { describeServices } from '../../support/services/need.ts';
import { type NginxServer, startNginx } from '../../support/services/nginx.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';
import { readExample } from './examples.ts';

/** Returns the example application in docs/reference/links.md. */
function documentedApplication(): string {
  const page = readFileSync(new URL('../../../docs/reference/links.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/```js\n(.*?)```/gs)];
  expect(blocks).toHaveLength(1);
  return blocks[0]?.[1] ?? '';
}

describeServices('links with the code hand-off behind nginx', ['nginx'], () => {
  const ports = { application: 0, links: 0, site: 0 };
  const env: Record<string, string> = { TRUST_PROXY: '127.0.0.1', LINK_HANDOFF: 'code', LOG_LEVEL: 'trace' };
  const linksUrl = () => `http://127.0.0.1:${ports.links}`;
  const siteUrl = () => `http://127.0.0.1:${ports.site}`;
  beforeAll(async () => {
    for (const name of ['application', 'links', 'site'] as const) ports[name] = await freePort();
    env['LINK_TARGET_URL'] = siteUrl();
  });
  const instance = useInstance(env);
  const directory = createTemporaryDirectory('code-application');
  let nginx: NginxServer;
  let application: ChildProcess;
  let configuration: TestConfiguration;

  beforeAll(async () => {
    const file = join(directory.path, 'application.mjs');
    writeFileSync(file, documentedApplication());
    application = spawn(process.execPath, [file], {
      stdio: 'inherit',
      env: { PORT: String(ports.application), WATMETER_URL: instance().url },
    });
    await vi.waitFor(() => fetch(`http://127.0.0.1:${ports.application}/`), { timeout: 10_000 });
    nginx = await startNginx({
      http: readExample('code.conf', {
        '127.0.0.1:8080': new URL(instance().url).host,
        '127.0.0.1:3000': `127.0.0.1:${ports.application}`,
        'listen 80;  # links': `listen 127.0.0.1:${ports.links};  # links`,
        'listen 80;  # application': `listen 127.0.0.1:${ports.site};  # application`,
        '/var/log/nginx': '{logs}',
      }),
      port: ports.links,
    });
    configuration = await instance().configuration('By code');
    // Usage responses contain completeThrough only after the first session.
    await instance().session(configuration);
  });
  afterAll(async () => {
    await nginx?.stop();
    application?.kill();
    if (application?.exitCode === null) await once(application, 'exit');
    directory.remove();
  });

  /** Opens a link. Returns the URL on the host of the application to which the link redirects. */
  async function openLink(): Promise<URL> {
    const token = await mint(configuration, { sub: 'Zoë' });
    const opened = await visit(linksUrl(), `/wat/${token}/dashboards/42?x=1`, { headers: browserHeaders });
    expect([opened.status, opened.headers.getSetCookie()]).toEqual([303, []]);
    return new URL(opened.headers.get('location') ?? '');
  }

  it('redirect to an application page that identifies the viewer, and count one session each', async () => {
    const before = await countSessions(instance());
    const target = await openLink();
    expect([target.origin, target.pathname]).toEqual([siteUrl(), '/dashboards/42']);
    const redeemed = await visit(siteUrl(), target.pathname + target.search, { headers: browserHeaders });
    expect([redeemed.status, redeemed.headers.get('location')]).toEqual([303, '/dashboards/42?x=1']);
    const [cookie = ''] = (redeemed.headers.getSetCookie()[0] ?? '').split(';');
    const page = await visit(siteUrl(), '/dashboards/42?x=1', { headers: { ...browserHeaders, cookie } });
    expect([page.status, page.text]).toEqual([200, 'Hello, Zoë']);
    expect((await countSessions(instance())) - before).toBe(1);
  });

  it('lead to status 401 in the application for a used or wrong code, and for a browser without a session', async () => {
    const target = await openLink();
    const path = target.pathname + target.search;
    expect((await visit(siteUrl(), path)).status).toBe(303);
    expect((await visit(siteUrl(), path)).status).toBe(401);
    expect((await visit(siteUrl(), '/a?wat_code=wrong')).status).toBe(401);
    expect((await visit(siteUrl(), '/dashboards/42')).status).toBe(401);
  });

  it('redirect only to the host of the application', async () => {
    const code = (await openLink()).searchParams.get('wat_code');
    const redeemed = await visit(siteUrl(), `/..//evil.example/a?wat_code=${code}`);
    expect(redeemed.headers.get('location') ?? '/').toMatch(/^\/(?!\/)/);
  });

  it('leave neither tokens nor codes in the logs', async () => {
    const target = await openLink();
    const code = target.searchParams.get('wat_code') ?? '';
    await visit(siteUrl(), target.pathname + target.search);
    const logs = ['links.log', 'links-error.log', 'application.log', 'application-error.log', 'error.log'];
    const text = logs.map((name) => nginx.log(name)).join('\n');
    expect(text).toContain('"GET /wat/[token]/..." 303');
    expect(text).toContain('"GET /dashboards/42?[code]" 303');
    expect(code).not.toBe('');
    expect(text).not.toContain(code);
  });
});
