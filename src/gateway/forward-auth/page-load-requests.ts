import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { prefersMediaType } from '../../platform/http/routes/accept.ts';

/** Returns whether the proxy asks to count page loads (`count=navigations`). */
export function countsPageLoads({ query }: Pick<FastifyRequest, 'query'>): boolean {
  const { count } = query as { count?: string | string[] };
  return [count].flat().includes('navigations');
}

/**
 * Returns whether a browser loads a page. Browsers mark a page load with `Sec-Fetch-Mode: navigate` (Fetch Metadata
 * Request Headers, 2.2). On plain http outside loopback, they do not send this header. A GET request that prefers
 * HTML then counts as a page load. Pure.
 */
export function isPageLoad({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): boolean {
  if (hasFetchMetadata(headers)) return isNavigation(headers);
  return originalMethodOf(method, headers) === 'GET' && !isScripted(headers) && prefersHtml(headers);
}

function hasFetchMetadata(headers: IncomingHttpHeaders): boolean {
  return ['sec-fetch-mode', 'sec-fetch-dest', 'sec-fetch-site', 'sec-fetch-user'].some(
    (name) => name in headers,
  );
}

/**
 * Returns whether the browser navigates to a new page. A navigation with the destination `empty` is a download, which
 * shows no page. A frame of the same origin does not count, because the page that contains the frame is already
 * counted.
 */
function isNavigation(headers: IncomingHttpHeaders): boolean {
  const { 'sec-fetch-mode': mode, 'sec-fetch-dest': destination, 'sec-fetch-site': site } = headers;
  if (mode !== 'navigate' || destination === 'empty') return false;
  return !(site === 'same-origin' && (destination === 'iframe' || destination === 'frame'));
}

/**
 * Returns the method of the browser's request. Some proxies, such as Traefik, send the method in a header. nginx
 * always calls with GET.
 */
function originalMethodOf(method: string, headers: IncomingHttpHeaders): string {
  const [reported] = [headers['x-original-method'] ?? headers['x-forwarded-method']].flat();
  return reported ?? method;
}

/**
 * Returns whether a script sent the request. Libraries such as jQuery mark their requests with a header. Without this
 * check, such a request would count as a page load if it prefers HTML.
 */
function isScripted(headers: IncomingHttpHeaders): boolean {
  return headers['x-requested-with'] !== undefined;
}

function prefersHtml({ accept }: IncomingHttpHeaders): boolean {
  return prefersMediaType('text/html', accept);
}
