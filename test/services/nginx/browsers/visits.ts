import type { BrowserContext, Page } from 'playwright-core';
import { mint, type TestConfiguration } from '../../../support/api.ts';
import type { Site } from './sites.ts';

/** One event in a browser without earlier cookies. Each visit has its own token configuration. */
export interface Visit {
  readonly site: Site;
  readonly context: BrowserContext;
  readonly configuration: TestConfiguration;
  /** Number of sessions that were counted while the event was prepared. */
  prepared: number;
  /** Returns a path of the application that no other event uses. `path` selects the response of the application. */
  at(path: string): string;
  /** Creates a link of the viewer `sub` to `at(path)`. */
  link(path?: string, sub?: string): Promise<string>;
  /** Opens a link in a new tab, and counts its session as preparation. */
  openPage(path?: string): Promise<Page>;
}

/** Creates a token configuration for one event, and removes the cookies of earlier events. */
export async function startVisit(site: Site, context: BrowserContext, name: string): Promise<Visit> {
  await context.clearCookies();
  const configuration = await site.instance.configuration(name);
  const visit: Visit = {
    ...{ site, context, configuration },
    prepared: 0,
    at: (path) => `${path}/${configuration.id}`,
    link: async (path = '/start', sub = 'alice') =>
      `${site.linkOrigin}/wat/${await mint(configuration, { sub })}${visit.at(path)}`,
    async openPage(path) {
      const page = await context.newPage();
      await page.goto(await visit.link(path));
      visit.prepared += 1;
      return page;
    },
  };
  return visit;
}

/** Closes all tabs of a visit. */
export async function endVisit({ context }: Visit): Promise<void> {
  for (const page of context.pages()) await page.close();
}
