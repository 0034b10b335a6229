import type { HttpServer } from '../server.ts';
import type { AccessRule } from './access-rule.ts';
import type { RouteSchema } from './route-schema.ts';

export interface CollectedRoute {
  readonly method: string;
  readonly url: string;
  readonly access: AccessRule | undefined;
  readonly isReadOnly: boolean;
  readonly schema: RouteSchema;
}

/** Every route that is registered from here on, as it comes. HEAD, which goes with GET, is left out. */
export function collectRoutes(server: HttpServer): readonly CollectedRoute[] {
  const routes: CollectedRoute[] = [];
  server.addHook('onRoute', ({ method, url, config, schema }) => {
    for (const one of [method].flat())
      if (one !== 'HEAD')
        routes.push({
          ...{ method: one, url: config?.describedAs ?? url, access: config?.access },
          isReadOnly: one === 'GET' || config?.isReadOnly === true,
          schema: (schema ?? {}) as RouteSchema,
        });
  });
  return routes;
}
