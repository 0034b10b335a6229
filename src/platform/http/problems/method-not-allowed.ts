import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { AppError } from '../../errors/errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';

/** Methods that a route can have, and those for which no route exists. */
const routedMethods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const answeredMethods: readonly HTTPMethods[] = [...routedMethods, 'TRACE', 'QUERY'];

/**
 * Returns the error for a request without a route: 405 for a method that no route has, such as PROPFIND, else
 * 404.
 */
export function unroutedError({ method }: FastifyRequest, reply: FastifyReply): AppError {
  if (answeredMethods.includes(method as HTTPMethods)) return new AppError(platformErrors.not_found);
  const allow = routedMethods.join(', ');
  reply.header('allow', allow);
  return new AppError(platformErrors.method_not_allowed, { detail: `Allowed methods: ${allow}.` });
}

/**
 * Makes the server return 405 with an Allow header (RFC 9110, 15.5.6) if a known path is called with another method.
 * Fastify would return 404. Create it before the routes are registered, and call `finish` after that.
 */
export function createMethodNotAllowed(server: FastifyInstance): { finish(): void } {
  const methodsOfUrl = new Map<string, Set<string>>();
  let isFinished = false;

  server.addHook('onRoute', ({ url, method }) => {
    if (isFinished || url === '*') return;
    const methods = methodsOfUrl.get(url) ?? new Set();
    for (const routeMethod of [method].flat()) methods.add(routeMethod);
    methodsOfUrl.set(url, methods);
  });

  return {
    finish() {
      server.register(async (scope) => {
        isFinished = true;
        for (const [url, methods] of methodsOfUrl) {
          const allow = [...methods].join(', ');
          scope.route({
            url,
            method: answeredMethods.filter((method) => !methods.has(method)),
            config: { access: 'public' },
            exposeHeadRoute: false,
            // `onRequest` responds before the body is read. Otherwise an invalid body would hide that the method is
            // wrong.
            onRequest: (_request, reply) => {
              reply.header('allow', allow);
              throw new AppError(platformErrors.method_not_allowed, { detail: `Allowed methods: ${allow}.` });
            },
            handler: () => undefined,
          });
        }
      });
    },
  };
}
