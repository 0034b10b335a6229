import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { Logger } from '../logger.ts';
import type { HttpServer } from './server.ts';

/** Only what this server serves itself: a tag or a name that holds markup stays text. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "object-src 'none'",
].join('; ');

const yearS = 31_536_000;

/** Serves the built web app at `/`. Assets have a hash in their name, so that browsers can cache them without limit. */
export async function registerWebApp(server: HttpServer, directory: string, logger: Logger): Promise<void> {
  if (!existsSync(directory)) {
    logger.warn('the web app was not built (npm run build): / answers 404');
    return;
  }
  await server.register(fastifyStatic, {
    root: directory,
    wildcard: false,
    cacheControl: false,
    setHeaders(response, path) {
      const immutable = path.includes('/assets/');
      response.setHeader('cache-control', immutable ? `public, max-age=${yearS}, immutable` : 'no-cache');
      if (path.endsWith('.html')) response.setHeader('content-security-policy', contentSecurityPolicy);
    },
  });
}
