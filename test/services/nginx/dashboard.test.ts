import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createActiveToken } from '../../integration/http/support/access-api.ts';
import { useInstance } from '../../integration/http/support/instance.ts';
import { visit } from '../../integration/http/support/links.ts';
import { mint } from '../../support/api.ts';
import { freePort } from '../../support/app-process.ts';
import { startChromium } from '../../support/browser/chromium.ts';
import { describeServices } from '../../support/services/need.ts';
import { type NginxServer, startNginx } from '../../support/services/nginx.ts';
import { startApplication } from './application.ts';
import { createBrowser } from './browser.ts';
import { documentedSettings, readExample } from './examples.ts';

const uiSession = '/api/v1/ui/session';

/** Tests the settings and both nginx files of docs/how-to/nginx.md in one nginx. */
describeServices('the dashboard and links behind one nginx', ['nginx', 'chromium'], () => {
  const ports = { application: 0, links: 0, dashboard: 0 };
  const env: Record<string, string> = {};
  const linksUrl = () => `http://127.0.0.1:${ports.links}`;
  const dashboardUrl = () => `http://127.0.0.1:${ports.dashboard}`;
  beforeAll(async () => {
    for (const name of ['application', 'links', 'dashboard'] as const) ports[name] = await freePort();
    Object.assign(env, documentedSettings(linksUrl()));
  });
  const instance = useInstance(env);
  let nginx: NginxServer;
  let application: Awaited<ReturnType<typeof startApplication>>;

  beforeAll(async () => {
    application = await startApplication(ports.application);
    const shared = { '127.0.0.1:8080': new URL(instance().url).host, '/var/log/nginx': '{logs}' };
    const files = [
      readExample('watmeter.conf', {
        ...shared,
        '127.0.0.1:3000': `127.0.0.1:${ports.application}`,
        'listen 80;': `listen 127.0.0.1:${ports.links};`,
      }),
      readExample('dashboard.conf', { ...shared, 'listen 80;': `listen 127.0.0.1:${ports.dashboard};` }),
    ];
    nginx = await startNginx({ http: files.join('\n'), port: ports.dashboard });
  });
  afterAll(async () => {
    await nginx?.stop();
    await application?.stop();
  });

  it('show the session of an opened link in the dashboard after sign-in', async () => {
    const configuration = await instance().configuration('Behind nginx');
    const link = `/wat/${await mint(configuration, { sub: 'alice', trc: ['newsletter'] })}/dashboards/42`;
    expect((await createBrowser(linksUrl()).navigate(link)).status).toBe(200);
    await instance().settled();

    const { token } = await createActiveToken(instance(), { scopes: ['usage:read'] });
    const chromium = await startChromium();
    onTestFinished(() => chromium.close());
    const page = await chromium.newPage();
    await page.goto(dashboardUrl());
    await page.locator('input').first().fill(token);
    await page.keyboard.press('Enter');
    await page.getByText('Behind nginx').first().waitFor();
    await page.getByText('newsletter').first().waitFor();
  });

  describe('signing in to the dashboard', () => {
    const signIn = (origin: string) =>
      visit(dashboardUrl(), uiSession, {
        method: 'POST',
        headers: {
          origin,
          host: new URL(dashboardUrl()).host,
          'content-type': 'application/json',
          'x-forwarded-host': 'other.example',
        },
        body: JSON.stringify({ token: 'wmt_unknown' }),
      });

    it('is accepted only from the dashboard origin, whatever host the client sends', async () => {
      expect((await signIn(dashboardUrl())).body['code']).toBe('unauthenticated');
      for (const origin of [linksUrl(), 'http://other.example', 'https://app.example'])
        expect((await signIn(origin)).body['code']).toBe('cross_origin');
    });
  });

  it('make a download fail if watmeter ends the response early', async () => {
    const upstream = createServer((_request, response) => {
      response.write('tag,total\r\n', () => response.destroy());
    }).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    onTestFinished(() => void upstream.close());
    const port = await freePort();
    const http = readExample('dashboard.conf', {
      '127.0.0.1:8080': `127.0.0.1:${(upstream.address() as AddressInfo).port}`,
      '/var/log/nginx': '{logs}',
      'listen 80;': `listen 127.0.0.1:${port};`,
    });
    const other = await startNginx({ http, port });
    onTestFinished(() => other.stop());
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/usage/tags?format=csv`);
    await expect(answer.text()).rejects.toThrow();
  });

  it('return 404 for a link on the dashboard host, and do not log the link', async () => {
    const marker = 'link-marker-7f3a';
    expect((await visit(dashboardUrl(), `/wat/${marker}/a`)).status).toBe(404);
    for (const name of ['dashboard.log', 'dashboard-error.log', 'application.log', 'application-error.log'])
      expect(nginx.log(name)).not.toContain(marker);
  });
});
