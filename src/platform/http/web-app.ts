import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { Logger } from '../logger.ts';
import { acceptsPage } from './routes/accept.ts';
import type { HttpServer } from './server.ts';

/**
 * Content-Security-Policy of the web app. It allows only content from this server. Markup in a tag or a name can then
 * not load or run anything.
 */
const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "object-src 'none'",
].join('; ');

const yearS = 31_536_000;

export interface WebAppOptions {
  /** Directory of the built web app. */
  readonly directory: string;
  /** First path segments that belong to other routes. A request for an unknown path below them gets an error. */
  readonly reserved: readonly string[];
}

/**
 * Serves the built web app at `/`. The names of assets contain a hash of their content, so browsers may cache them
 * for a year. Rebuilding the web app needs no restart. If a browser opens an unknown path, the response is the web app
 * too, because the app itself selects the page for a path.
 */
export async function registerWebApp(
  server: HttpServer,
  { directory, reserved }: WebAppOptions,
  logger: Logger,
): Promise<void> {
  if (!existsSync(directory)) {
    logger.warn('the web app is not built: / returns 404 until npm run build');
    return;
  }
  await server.register(fastifyStatic, {
    root: directory,
    globIgnore: ['assets/**'],
    wildcard: false,
    cacheControl: false,
    setHeaders(response, path) {
      response.setHeader('cache-control', 'no-cache');
      if (path.endsWith('.html')) response.setHeader('content-security-policy', contentSecurityPolicy);
    },
  });
  // A wildcard route looks up the file for each request, so it also serves the assets of a later build.
  await server.register(fastifyStatic, {
    root: join(directory, 'assets'),
    prefix: '/assets/',
    decorateReply: false,
    wildcard: true,
    cacheControl: false,
    setHeaders(response) {
      response.setHeader('cache-control', `public, max-age=${yearS}, immutable`);
    },
  });
  server.addHook('onRequest', (request, reply, done) => {
    const isPage = request.is404 && ['GET', 'HEAD'].includes(request.method) && acceptsPage(request);
    if (!isPage || reserved.includes(firstSegmentOf(request.url))) return done();
    reply.header('vary', 'accept');
    reply.sendFile('index.html');
  });
}

/**
 * Returns the first segment of a URL's path, decoded. If the percent-encoding is invalid, returns the segment
 * unchanged.
 */
function firstSegmentOf(url: string): string {
  const [, segment = ''] = url.split(/[/?]/, 2);
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
