import type { FastifyInstance, HTTPMethods } from 'fastify';
import { AppError } from '../../errors/errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';

const answeredMethods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * Answers 405 with Allow (RFC 9110, 15.5.6) for known paths with another method; Fastify alone says 404.
 * Create it before the routes and call `finish` as the last plugin.
 */
export function createMethodNotAllowed(server: FastifyInstance): { finish(): void } {
  const methodsOfUrl = new Map<string, Set<string>>();
  let finished = false;

  server.addHook('onRoute', ({ url, method }) => {
    if (finished || url === '*') return;
    const methods = methodsOfUrl.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    methodsOfUrl.set(url, methods);
  });

  return {
    finish() {
      server.register(async (scope) => {
        finished = true;
        for (const [url, methods] of methodsOfUrl) {
          const allow = [...methods].join(', ');
          scope.route({
            url,
            method: answeredMethods.filter((method) => !methods.has(method)),
            config: { access: 'public' },
            exposeHeadRoute: false,
            // Before the body is read, so that a wrong method is said even where the body is wrong too.
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
