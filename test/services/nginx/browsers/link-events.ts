import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { addHtml, addScript, follow, speculate } from './actions.ts';
import type { Event } from './events.ts';
import type { ProxiedRequest } from './sites.ts';
import type { Visit } from './visits.ts';

/** User agents of link previews and crawlers. */
const previewBots = [
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com',
  'WhatsApp/2.23.20.0',
  'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)',
  'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)',
  'Twitterbot/1.0',
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  'TelegramBot (like TwitterBot)',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)',
  'Viber/20.0.0',
];

/** Events in which a browser requests a link. */
export const linkEvents: Readonly<Record<string, Event>> = {
  'a link': async (visit) => {
    await expectViewer(await openLink(visit, 'alice'), 'alice');
  },
  'a link on a page of another site': async (visit) => {
    const page = await openOtherSite(visit);
    await follow(page, await visit.link());
    await expectViewer(page, 'alice');
  },
  'a link in five tabs at once': async (visit) => {
    const link = await visit.link();
    const tabs = Array.from({ length: 5 }, async () => {
      const page = await visit.context.newPage();
      await page.goto(link);
      await expectViewer(page, 'alice');
    });
    await Promise.all(tabs);
  },
  'links of two viewers in two tabs, before the viewer confirms': async (visit) => {
    const [first, second] = await openTwoLinks(visit);
    expect(await second.title()).toBe('Another link is open in this browser');
    expect(await first.title()).toBe('alice');
  },
  'links of two viewers in two tabs, after the viewer confirms': async (visit) => {
    const [, second] = await openTwoLinks(visit);
    await second.click('button');
    await second.waitForURL(visit.site.origin + visit.at('/start'));
    await expectViewer(second, 'bob');
  },
  'links of two viewers in two tabs and a refresh of both, with `LINK_HANDOFF=code`': async (visit) => {
    const tabs = await openTwoLinks(visit);
    const expectViewers = () =>
      Promise.all(tabs.map((page, index) => expectViewer(page, index === 0 ? 'alice' : 'bob')));
    // A tab has its session as soon as its page has redeemed the code and shows the viewer.
    await expectViewers();
    for (const page of tabs) await page.reload();
    await expectViewers();
  },
  'a link that the browser prefetches (`<link rel="prefetch">`)': async (visit) => {
    const page = await visit.openPage();
    await addHtml(page, `<link rel="prefetch" href="${await visit.link('/next')}">`);
    await expectStatus(visit, '/next', 403);
  },
  'a link that the browser prefetches and prerenders (speculation rules)': async (visit) => {
    const page = await visit.openPage();
    for (const kind of ['prefetch', 'prerender'] as const) {
      await speculate(page, kind, await visit.link(`/${kind}`));
      await expectStatus(visit, `/${kind}`, 403);
    }
  },
  'a link that is loaded as an image, a script, a style and by fetch': async (visit) => {
    const page = await visit.openPage();
    await addHtml(page, `<img src="${await visit.link('/image')}">`);
    await addHtml(page, `<link rel="stylesheet" href="${await visit.link('/style')}">`);
    await addScript(page, { src: await visit.link('/script') });
    await page.evaluate((url) => fetch(url).then(() => undefined), await visit.link('/fetch'));
    for (const path of ['/image', '/style', '/script', '/fetch']) await expectStatus(visit, path, 403);
  },
  'a link that is requested with HEAD': async (visit) => {
    const page = await visit.openPage();
    await page.evaluate(
      (url) => fetch(url, { method: 'HEAD' }).then(() => undefined),
      await visit.link('/head'),
    );
    await expectStatus(visit, '/head', 405);
  },
  'a link that twelve preview bots open': async (visit) => {
    const page = await visit.context.newPage();
    const protocol = await visit.context.newCDPSession(page);
    for (const userAgent of previewBots) {
      await protocol.send('Network.setUserAgentOverride', { userAgent });
      await page.goto(await visit.link());
      expect([userAgent, await page.title()]).toEqual([userAgent, 'Open this link in a browser']);
    }
  },
  'a link in a frame of another site': async (visit) => {
    await frameLink(visit);
    // On plain http, browsers send no Fetch Metadata, so watmeter cannot recognise the frame. The browser drops the cookie.
    await expectStatus(visit, '/framed', visit.site.scheme === 'https' ? 403 : 303);
  },
  'a link in a frame of another site, with `COOKIE_SAMESITE=strict`': (visit) => expectRefusedFrame(visit),
  'a link in a frame of another site, with `COOKIE_SAMESITE=none`': async (visit) => {
    await expectShownFrame(visit);
  },
  'a link in a frame of another site, with `LINK_HANDOFF=code`': async (visit) => {
    await expectShownFrame(visit);
  },
  'the application in a frame of another site, in a browser with a session': async (visit) => {
    await visit.openPage();
    const page = await openOtherSite(visit);
    await frameApplication(visit, page);
    await expectStatus(visit, '/again', 401);
  },
  'the application in a frame of another site, after a link in a frame of this site, with `COOKIE_SAMESITE=none`':
    async (visit) => {
      const page = await expectShownFrame(visit);
      visit.prepared += 1;
      await frameApplication(visit, page);
      await expectStatus(visit, '/again', 200);
    },
};

async function openLink(visit: Visit, sub: string): Promise<Page> {
  const page = await visit.context.newPage();
  await page.goto(await visit.link('/start', sub));
  return page;
}

const openTwoLinks = async (visit: Visit): Promise<readonly [Page, Page]> => [
  await openLink(visit, 'alice'),
  await openLink(visit, 'bob'),
];

async function openOtherSite({ context, site }: Visit): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site.otherOrigin);
  return page;
}

const frameApplication = ({ site, at }: Visit, page: Page) =>
  addHtml(page, `<iframe src="${site.origin}${at('/again')}"></iframe>`);

async function frameLink(visit: Visit): Promise<Page> {
  const page = await openOtherSite(visit);
  await addHtml(page, `<iframe src="${await visit.link('/framed')}"></iframe>`);
  return page;
}

async function expectRefusedFrame(visit: Visit): Promise<void> {
  await frameLink(visit);
  await expectStatus(visit, '/framed', 403);
}

/** Expects that a link in a frame shows its viewer. Returns the page of the other site. */
async function expectShownFrame(visit: Visit): Promise<Page> {
  const page = await frameLink(visit);
  const readTitle = () =>
    page
      .frames()
      .at(-1)
      ?.title()
      .catch(() => undefined);
  await expect.poll(readTitle, { timeout: 20_000 }).toBe('alice');
  return page;
}

async function expectViewer(page: Page, viewer: string): Promise<void> {
  await expect.poll(() => page.title(), { timeout: 20_000 }).toBe(viewer);
}

/** Waits for the response to a request for a path, or for a link to this path. */
async function expectStatus({ site, at }: Visit, path: string, status: number): Promise<void> {
  const requests = await site.waitForRequests(1, (request: ProxiedRequest) =>
    request.path.endsWith(at(path)),
  );
  expect([path, requests[0]?.status]).toEqual([path, status]);
}
