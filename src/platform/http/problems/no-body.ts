import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError, type Fault } from '../../errors/errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';
import type {} from '../routes/access-rule.ts';
import { unknownMemberFault } from './framework-errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True if the route accepts no body. `rejectUnexpectedBodies` sets it for routes without a body schema. */
    takesNoBody?: true;
  }
}

const methodsWithBody = ['POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Rejects request bodies on routes that have no body schema. Such a route accepts no body or an empty object, so that
 * a caller notices members that have no effect. Public routes accept any body, because some of them receive requests
 * from other systems.
 */
export function rejectUnexpectedBodies(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    const { access } = route.config ?? {};
    if (access === undefined || access === 'public' || route.schema?.body !== undefined) return;
    if (![route.method].flat().every((routeMethod) => methodsWithBody.includes(routeMethod))) return;
    route.config = { ...route.config, takesNoBody: true };
    route.preHandler = [
      async (request: FastifyRequest) => {
        const faults = findBodyFaults(request);
        if (faults.length > 0) throw new AppError(platformErrors.invalid_request, { faults });
      },
      ...[route.preHandler ?? []].flat(),
    ];
  });
}

/** Returns the validation errors for a body that a request sends to a route without a body. */
export function findBodyFaults({ body, routeOptions }: FastifyRequest): Fault[] {
  if (routeOptions.config.takesNoBody !== true || body === undefined || body === null) return [];
  if (typeof body !== 'object' || Array.isArray(body))
    return [{ path: '', message: 'must be omitted or an empty object' }];
  return Object.keys(body).map((name) => unknownMemberFault(name));
}
