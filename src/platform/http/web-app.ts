import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { Logger } from '../logger.ts';
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

/**
 * Serves the built web app at `/`. The names of assets contain a hash of their content, so browsers may cache them
 * for a year.
 */
export async function registerWebApp(server: HttpServer, directory: string, logger: Logger): Promise<void> {
  if (!existsSync(directory)) {
    logger.warn('the web app is not built: / returns 404 until npm run build');
    return;
  }
  await server.register(fastifyStatic, {
    root: directory,
    wildcard: false,
    cacheControl: false,
    setHeaders(response, path) {
      const isAsset = path.includes('/assets/');
      response.setHeader('cache-control', isAsset ? `public, max-age=${yearS}, immutable` : 'no-cache');
      if (path.endsWith('.html')) response.setHeader('content-security-policy', contentSecurityPolicy);
    },
  });
}
