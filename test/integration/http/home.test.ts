import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminToken } from '../../support/app-process.ts';
import { startChromium } from '../../support/browser/chromium.ts';
import { describeServices } from '../../support/services/need.ts';
import { useInstance } from './support/instance.ts';

describeServices('the dashboard at /, in Chromium', ['chromium'], () => {
  const instance = useInstance();
  const faults: string[] = [];
  let chromium: Browser;
  let page: Page;

  beforeAll(async () => {
    const configuration = await instance().configuration('Portal');
    for (let session = 0; session < 3; session += 1) await instance().session(configuration);
    await instance().settled();
    chromium = await startChromium();
    page = await chromium.newPage();
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      // The `response` handler below records rejected requests with their URL.
      const isRefusal = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isRefusal) faults.push(message.text());
    });
    page.on('requestfailed', (request) => faults.push(`${request.url()}: ${request.failure()?.errorText}`));
    page.on('response', (response) => {
      if (response.status() >= 400) faults.push(`${response.url()}: ${response.status()}`);
    });
    await page.goto(`${instance().url}/`);
  });
  afterAll(() => chromium?.close());

  it('prompts for an API token when no one is signed in', async () => {
    await page.getByLabel('API token').waitFor();
    expect(await page.title()).toContain('watmeter');
  });

  it('shows the sessions of a configuration after sign-in', async () => {
    await page.getByLabel('API token').fill(adminToken);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('row', { name: /Portal.*\b3\b/ }).waitFor();
  });

  it('does not cause browser errors, and its only rejected request is the session request before sign-in', () => {
    expect(faults).toEqual([`${instance().url}/api/v1/ui/session: 401`]);
  });
});
