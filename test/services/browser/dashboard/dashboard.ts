import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { adminToken } from '../../../support/app-process.ts';
import { startChromium } from '../../../support/browser/chromium.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Time for a slow machine to show what a test waits for. */
export const patienceMs = 60_000;

export interface DashboardOptions {
  readonly path?: string;
  readonly token?: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
}

export interface Dashboard {
  readonly page: Page;
  /** Errors of scripts, messages of the browser such as violations of the Content-Security-Policy, and other origins. */
  readonly faults: readonly string[];
}

/** Starts a Chromium for the tests of a file. Returns a function that opens the dashboard in it and signs in. */
export function useDashboard(url: () => string): (options?: DashboardOptions) => Promise<Dashboard> {
  let chromium: Browser;
  beforeAll(async () => {
    chromium = await startChromium();
  });
  afterAll(() => chromium?.close());

  return async ({ path = '/', token = adminToken, colorScheme = 'light', width = 1280 } = {}) => {
    const context = await chromium.newContext({
      viewport: { width, height: 900 },
      ...{ colorScheme, locale: 'en-GB', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce' as const },
    });
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    const faults = watchFaults(page, url());
    await page.goto(`${url()}${path}`);
    await page.getByLabel('API token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    return { page, faults };
  };
}

function watchFaults(page: Page, origin: string): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    // The browser reports the 401 before sign-in, and requests that a test rejects.
    const isRefusal = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isRefusal) faults.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url())) faults.push(request.url());
  });
  return faults;
}

/** Returns the accessibility violations that axe finds on a page, one line each. */
export async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } }).axe;
    const { violations } = await axe.run();
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    );
  });
}

/**
 * Returns the accessibility violations of a page on a narrow light screen and on a wide dark screen, and whether the page
 * scrolls sideways there. Afterwards restores the size of the page and sets the light colour scheme.
 */
export async function findLayoutFaults(page: Page): Promise<string[]> {
  const faults: string[] = [];
  const viewport = page.viewportSize();
  for (const [width, colorScheme] of [
    [360, 'light'],
    [2560, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    const name = `${width} px, ${colorScheme}`;
    faults.push(...(await findViolations(page)).map((violation) => `${name}: ${violation}`));
    const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if ((await page.evaluate(overflow)) > 0) faults.push(`${name}: the page scrolls sideways`);
  }
  if (viewport) await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme: 'light' });
  return faults;
}

interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[] }[];
}
