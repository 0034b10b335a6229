import type { FastifyInstance } from 'fastify';

const withBody = ['POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Routes that say nothing of a body take none, or an empty object: members that nobody reads are a mistake of the
 * caller's, who is told. Not for public routes, some of which take what others send them.
 */
export function refuseUnreadBodies(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    const { access } = route.config ?? {};
    if (access === undefined || access === 'public' || route.schema === undefined) return;
    if (route.schema.body !== undefined || ![route.method].flat().every((one) => withBody.includes(one)))
      return;
    route.schema.body = { type: 'object', nullable: true, properties: {}, additionalProperties: false };
  });
}
