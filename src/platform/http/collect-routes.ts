import type { AccessRule } from './access-rule.ts';
import type { HttpServer } from './server.ts';

/** A JSON Schema as TypeBox makes it: plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a route says of itself in `schema`; the OpenAPI document is made from it. */
export interface RouteSchema {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly params?: JsonSchema;
  readonly querystring?: JsonSchema;
  readonly headers?: JsonSchema;
  readonly body?: JsonSchema;
  readonly response?: Readonly<Record<string, JsonSchema>>;
}

export interface CollectedRoute {
  readonly method: string;
  readonly url: string;
  readonly access: AccessRule | undefined;
  readonly isReadOnly: boolean;
  /** Another way to call an operation, told with it. */
  readonly isUndocumented: boolean;
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
          isUndocumented: config?.isUndocumented === true,
          schema: (schema ?? {}) as RouteSchema,
        });
  });
  return routes;
}
