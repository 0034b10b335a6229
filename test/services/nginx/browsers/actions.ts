import type { Page } from 'playwright-core';

/** Returns a text as a JavaScript literal. Scripts for pages are texts, because the TypeScript types have no DOM. */
const quote = (text: string) => JSON.stringify(text);

/** Navigates to an address, as a click on a link in the page does, and waits until the page is loaded. */
export async function follow(page: Page, address: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.evaluate(`location.href = ${quote(address)}`)]);
}

export const openWindow = (page: Page, path: string) => page.evaluate(`void window.open(${quote(path)})`);

export const addHtml = (page: Page, html: string) =>
  page.evaluate(`document.body.insertAdjacentHTML('beforeend', ${quote(html)})`);

/** Adds a script element with these properties. */
export const addScript = (page: Page, properties: Readonly<Record<string, string>>) =>
  page.evaluate(
    `document.head.append(Object.assign(document.createElement('script'), ${JSON.stringify(properties)}))`,
  );

/** Adds speculation rules, so that the browser prefetches or prerenders a page immediately. */
export const speculate = (page: Page, kind: 'prefetch' | 'prerender', url: string) =>
  addScript(page, {
    type: 'speculationrules',
    textContent: JSON.stringify({ [kind]: [{ urls: [url], eagerness: 'immediate' }] }),
  });
