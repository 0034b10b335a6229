import type { HttpServer } from '../server.ts';
import type { AccessRule } from './access-rule.ts';
import type { RouteSchema } from './route-schema.ts';

/** A registered route, for the OpenAPI document and the audit log. */
export interface CollectedRoute {
  readonly method: string;
  readonly url: string;
  readonly access: AccessRule | undefined;
  readonly isReadOnly: boolean;
  readonly schema: RouteSchema;
}

/** Returns an array that collects every route registered after this call, except HEAD routes. */
export function collectRoutes(server: HttpServer): readonly CollectedRoute[] {
  const routes: CollectedRoute[] = [];
  server.addHook('onRoute', ({ method, url, config, schema }) => {
    for (const routeMethod of [method].flat())
      if (routeMethod !== 'HEAD')
        routes.push({
          ...{ method: routeMethod, url: config?.describedAs ?? url, access: config?.access },
          isReadOnly: routeMethod === 'GET' || config?.isReadOnly === true,
          schema: (schema ?? {}) as RouteSchema,
        });
  });
  return routes;
}
