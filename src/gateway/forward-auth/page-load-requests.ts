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
 * Request Headers, 2.2), except on plain http outside loopback, where they send no such header. There, a GET that prefers
 * HTML is a page load. Pure.
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
 * Downloads navigate to the destination `empty` and show no page. A frame of the same origin is a part of the page that
 * contains it, which is counted.
 */
function isNavigation(headers: IncomingHttpHeaders): boolean {
  const { 'sec-fetch-mode': mode, 'sec-fetch-dest': destination, 'sec-fetch-site': site } = headers;
  if (mode !== 'navigate' || destination === 'empty') return false;
  return !(site === 'same-origin' && (destination === 'iframe' || destination === 'frame'));
}

/** Returns the method of the browser's request: Traefik reports it, and nginx always calls with GET. */
function originalMethodOf(method: string, headers: IncomingHttpHeaders): string {
  const [reported] = [headers['x-original-method'] ?? headers['x-forwarded-method']].flat();
  return reported ?? method;
}

/** Libraries such as jQuery mark their requests, which can also prefer HTML. */
function isScripted(headers: IncomingHttpHeaders): boolean {
  return headers['x-requested-with'] !== undefined;
}

function prefersHtml({ accept }: IncomingHttpHeaders): boolean {
  return prefersMediaType('text/html', accept);
}
