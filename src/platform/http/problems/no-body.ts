import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError, type Fault } from '../../errors/errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';
import { faultOfMember } from './framework-errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Says nothing of a body: set by `refuseUnreadBodies`. */
    takesNoBody?: true;
  }
}

const withBody = ['POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Routes that say nothing of a body take none, or an empty object: members that nobody reads are a mistake of the
 * caller's, who is told. Not for public routes, some of which take what others send them.
 */
export function refuseUnreadBodies(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    const { access } = route.config ?? {};
    if (access === undefined || access === 'public' || route.schema?.body !== undefined) return;
    if (![route.method].flat().every((one) => withBody.includes(one))) return;
    route.config = { ...route.config, takesNoBody: true };
    route.preHandler = [
      async (request: FastifyRequest) => {
        const faults = unreadFaults(request);
        if (faults.length > 0) throw new AppError(platformErrors.invalid_request, { faults });
      },
      ...[route.preHandler ?? []].flat(),
    ];
  });
}

/** What is wrong with the body of a route that takes none. */
export function unreadFaults({ body, routeOptions }: FastifyRequest): Fault[] {
  if (routeOptions.config.takesNoBody !== true || body === undefined || body === null) return [];
  if (typeof body !== 'object' || Array.isArray(body))
    return [{ path: '', message: 'must be left out, or an empty object' }];
  return Object.keys(body).map((name) => faultOfMember(name));
}
