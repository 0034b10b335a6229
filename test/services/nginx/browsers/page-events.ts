import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { addHtml, addScript, follow, openWindow, speculate } from './actions.ts';
import type { Event } from './events.ts';
import type { ProxiedRequest } from './sites.ts';
import type { Visit } from './visits.ts';

/** Events in the application, after a link has opened it. */
export const pageEvents: Readonly<Record<string, Event>> = {
  'a refresh': async (visit) => {
    const page = await visit.openPage();
    await page.reload();
    await expectViewer(page);
  },
  'another page of the application': async (visit) => {
    const page = await visit.openPage();
    await follow(page, visit.at('/other'));
    await expectViewer(page);
  },
  'a page load that the application redirects to another page of the application': async (visit) => {
    const page = await visit.openPage();
    await follow(page, visit.at('/redirect/other'));
    expect(new URL(page.url()).pathname).toBe(visit.at('/other'));
  },
  'back and forward, if the browser shows the pages that it has kept': async (visit) => {
    const page = await visit.openPage();
    await goBackAndForward(visit, page, visit.at('/other'));
  },
  'back and forward, if the browser loads the pages again': async (visit) => {
    // Browsers do not keep the previous pages of a window if another window can access it.
    const opener = await visit.openPage('/no-store/start');
    const opened = visit.context.waitForEvent('page');
    await openWindow(opener, visit.at('/no-store/first'));
    visit.prepared += 1;
    const page = await opened;
    await page.waitForLoadState();
    await goBackAndForward(visit, page, visit.at('/no-store/other'));
  },
  'three frames of the same origin': async (visit) => {
    const page = await visit.openPage();
    await addHtml(page, `<iframe src="${visit.at('/frame')}"></iframe>`.repeat(3));
    await succeeded(visit, '/frame', 3);
  },
  'scripts, styles, images, fetch and XHR': async (visit) => {
    const page = await visit.openPage();
    await addHtml(
      page,
      `<img src="${visit.at('/image')}"><link rel="stylesheet" href="${visit.at('/style')}">`,
    );
    await addScript(page, { src: visit.at('/script') });
    await page.evaluate((url) => fetch(url).then(() => undefined), visit.at('/fetch'));
    await page.evaluate(`{
      const request = new XMLHttpRequest();
      request.open('POST', '${visit.at('/xhr')}');
      request.send('{"filter":1}');
    }`);
    for (const path of ['/image', '/style', '/script', '/fetch', '/xhr']) await succeeded(visit, path);
  },
  'a download (`<a download>`)': async (visit) => {
    const page = await visit.openPage();
    await addHtml(page, `<a download href="${visit.at('/files')}">A</a>`);
    await page.click('a');
    await succeeded(visit, '/files');
  },
  'an export in a window (`window.open`) on an excluded path': async (visit) => {
    const page = await visit.openPage();
    await openWindow(page, visit.at('/export'));
    await succeeded(visit, '/export');
  },
  'an export in a window (`window.open`) on another path': async (visit) => {
    const page = await visit.openPage();
    await openWindow(page, visit.at('/files'));
    await succeeded(visit, '/files');
  },
  'a page on an excluded path': async (visit) => {
    const page = await visit.openPage();
    await addHtml(page, `<iframe src="${visit.at('/export')}"></iframe>`);
    await succeeded(visit, '/export');
  },
  'a page that the browser prefetches (`<link rel="prefetch">`)': async (visit) => {
    const page = await visit.openPage();
    await addHtml(page, `<link rel="prefetch" href="${visit.at('/next')}">`);
    await refusedInAdvance(visit, '/next');
  },
  'a page that the browser prefetches and prerenders (speculation rules)': async (visit) => {
    const page = await visit.openPage();
    for (const kind of ['prefetch', 'prerender'] as const) {
      await speculate(page, kind, visit.at(`/${kind}`));
      await refusedInAdvance(visit, `/${kind}`);
    }
  },
  'a prefetched page (`<link rel="prefetch">`) that the viewer opens': async (visit) => {
    const page = await visit.openPage();
    await addHtml(page, `<link rel="prefetch" href="${visit.at('/next')}">`);
    await refusedInAdvance(visit, '/next');
    await follow(page, visit.at('/next'));
    await expectViewer(page);
  },
  'a prerendered page (speculation rules) that the viewer opens': async (visit) => {
    const page = await visit.openPage();
    await speculate(page, 'prerender', visit.at('/next'));
    await refusedInAdvance(visit, '/next');
    await follow(page, visit.at('/next'));
    await expectViewer(page);
  },
};

/** Opens a page, and then moves back and forward in the history of the tab. */
async function goBackAndForward(visit: Visit, page: Page, path: string): Promise<void> {
  const first = page.url();
  await follow(page, path);
  visit.prepared += 1;
  await page.evaluate('history.back()');
  await page.waitForURL(first, { waitUntil: 'commit' });
  await expect.poll(() => page.title().catch(() => '')).toBe('alice');
  await page.evaluate('history.forward()');
  await page.waitForURL((url) => url.pathname === path, { waitUntil: 'commit' });
  await expect.poll(() => page.title().catch(() => '')).toBe('alice');
}

async function expectViewer(page: Page): Promise<void> {
  expect(await page.title()).toBe('alice');
}

/** Waits for successful responses to requests for a path. */
async function succeeded({ site, at }: Visit, path: string, count = 1): Promise<void> {
  const requests = await site.waitForRequests(count, (request) => request.path === at(path));
  expect(requests.map(({ status }) => status)).toEqual(Array(count).fill(200));
}

async function refusedInAdvance({ site, at }: Visit, path: string): Promise<void> {
  const isInAdvance = (request: ProxiedRequest) => request.path === at(path) && request.purpose !== '';
  const requests = await site.waitForRequests(1, isInAdvance);
  expect(requests.map(({ status }) => status)).toContain(403);
}
