import type { FastifyReply, FastifyRequest } from 'fastify';
import { addVary } from './problems/cache-rules.ts';
import type { HttpServer } from './server.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True if pages of the allowed origins may call the route from a browser. */
    cors?: true;
  }
}

const allowedHeaders = 'authorization, content-type, initialiser, initializer';
const exposedHeaders = 'retry-after';
const maxAgeS = 600;

/**
 * Allows pages of the given origins to call the routes with `config.cors` (Fetch Standard, CORS protocol). Browsers
 * send no cookies with these calls, because the responses do not allow credentials. Call this function before the
 * routes are registered. Without origins it does nothing.
 */
export function registerCors(server: HttpServer, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const allowed = new Set(origins);

  /** Sets the CORS headers of the response, and returns whether the request comes from an allowed origin. */
  function allow(request: FastifyRequest, reply: FastifyReply): boolean {
    const { origin } = request.headers;
    addVary(reply, 'Origin');
    if (origin === undefined || !allowed.has(origin)) return false;
    reply.header('access-control-allow-origin', origin);
    return true;
  }

  server.addHook('onRoute', (route) => {
    if (route.config?.cors !== true || route.method === 'HEAD' || route.method === 'OPTIONS') return;
    const { method, url } = route;
    route.onRequest = [
      async (request: FastifyRequest, reply: FastifyReply) => {
        if (allow(request, reply)) reply.header('access-control-expose-headers', exposedHeaders);
      },
      ...[route.onRequest ?? []].flat(),
    ];
    const preflight = { config: { access: 'public' }, schema: { hide: true } } as const;
    server.options(url, preflight, async (request, reply) => {
      if (allow(request, reply)) {
        reply.header('access-control-allow-methods', [method].flat().join(', '));
        reply.header('access-control-allow-headers', allowedHeaders);
        reply.header('access-control-max-age', String(maxAgeS));
      }
      return reply.code(204).send();
    });
  });
}
