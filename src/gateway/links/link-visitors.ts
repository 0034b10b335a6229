import type { IncomingHttpHeaders } from 'node:http';
import { createIsbotFromList, list } from 'isbot';

/** Matches the purpose header of a request that a browser sends before a person opens the page (Fetch, 3.6). */
const prefetchPurpose = /^\s*(prefetch|prerender|preview)\b/i;

/**
 * Returns whether a browser loads a page in advance. Browsers say so in the header `Sec-Purpose`, older browsers in
 * `Purpose`, `X-Purpose` or `X-Moz`. If the person later opens the page, the browser does not request it again.
 */
export function isPrefetch(headers: IncomingHttpHeaders): boolean {
  return [headers['sec-purpose'], headers['purpose'], headers['x-purpose'], headers['x-moz']]
    .flat()
    .some((purpose) => purpose !== undefined && prefetchPurpose.test(purpose));
}

const pageDestinations: readonly unknown[] = ['document', 'iframe', 'frame'];

/**
 * Returns whether a client can show the response to a request as a page. Returns false for requests for images, scripts
 * or data. If the request has `Sec-Fetch-Dest`, this header decides. Otherwise `Accept` decides: browsers that send no
 * Fetch Metadata (all browsers on plain http outside loopback, and old browsers) accept `text/html` when they load a
 * page. Returns true for other clients without `Sec-Fetch-Dest`, such as curl. Pure.
 */
export function canShowPage(headers: IncomingHttpHeaders): boolean {
  const { 'sec-fetch-dest': destination, 'user-agent': userAgent } = headers;
  if (destination !== undefined) return pageDestinations.includes(destination);
  return !isBrowser(userAgent) || !isPartOfPage(headers);
}

/**
 * Returns whether a browser without Fetch Metadata loads a part of a page. For an image or a style, `Accept` contains
 * other media types than `text/html`. For a script or fetch, it is only the wildcard, and `Referer` is the page.
 */
function isPartOfPage({ accept, referer }: IncomingHttpHeaders): boolean {
  if (accept === undefined || /\btext\/html\b/i.test(accept)) return false;
  return accept.trim() !== '*/*' || referer !== undefined;
}

/** Returns whether a user agent belongs to a browser. Many bots also send `Mozilla/` first, but state that they are bots. */
function isBrowser(userAgent: string | undefined): boolean {
  return userAgent?.startsWith('Mozilla/') === true && !isSelfDeclaredBot(userAgent);
}

/** Returns whether a request loads a frame in a page of another site (Fetch Metadata Request Headers, 2.4). */
export function isCrossSiteFrame(headers: IncomingHttpHeaders): boolean {
  const { 'sec-fetch-dest': destination, 'sec-fetch-site': site } = headers;
  return site === 'cross-site' && (destination === 'iframe' || destination === 'frame');
}

/**
 * User agents that isbot's list matches, but that are not treated as bots: developer tools, automated browsers, and
 * browsers in chat programs. People and programs open links with them.
 */
const allowedAgents = [
  ...['curl/8.5.0', 'Wget/1.21', 'HTTPie/3.2', 'PostmanRuntime/7.36', 'insomnia/8', 'test-agent', 'probe'],
  ...[
    'node',
    'undici',
    'axios/1.6.0',
    'node-fetch/1.0',
    'got (https://github.com/sindresorhus/got)',
    'Deno/1.4',
  ],
  ...[
    'python-requests/2.31.0',
    'Python-urllib/3.11',
    'python-httpx/0.27',
    'aiohttp/3.8',
    'PHP/8',
    'GuzzleHttp/7',
  ],
  ...[
    'Go-http-client/1.1',
    'okhttp/4.9',
    'Java/17.0.1',
    'Apache-HttpClient/4.5 (Java/1.8)',
    'libwww-perl/6.6',
  ],
  ...['Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/120.0.0.0', 'Playwright/1.4', 'Selenium', 'PhantomJS'],
  ...['Mozilla/5.0 (Windows NT 10.0) Teams/24 Chrome/120 Electron/28 Safari/537.36', 'u'.repeat(300)],
];
const allowedPatterns = new Set(
  list.filter((pattern) => allowedAgents.some((agent) => new RegExp(pattern, 'i').test(agent))),
);
/**
 * Bots that create previews for chat programs and social networks. They are added because only patterns that
 * `allowedPatterns` removes match them.
 */
const furtherBots = [
  '^Viber/',
  'vkShare',
  'Iframely',
  'Mastodon/',
  'Pleroma',
  'Misskey',
  'Embedly',
  'LinkPreview',
];

/** Returns whether a user agent names itself as a bot, such as a crawler or the link preview of a chat program. */
export const isSelfDeclaredBot: (userAgent: string | undefined) => boolean = createIsbotFromList([
  ...list.filter((pattern) => !allowedPatterns.has(pattern)),
  ...furtherBots,
]);
