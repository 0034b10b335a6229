import type { JsonSchema, RouteSchema } from '../../routes/route-schema.ts';
import { propertiesOf, withDefaultsOptional } from './schemas.ts';

/** Converts the path of a route to OpenAPI notation: `:id` becomes `{id}`, and `*` becomes `{path}`. */
export function pathOf(url: string): string {
  return url.replace(/:(\w+)/g, '{$1}').replace('*', '{path}');
}

/** Returns the names of the path parameters of a route. */
export function parameterNamesOf(url: string): string[] {
  return [...pathOf(url).matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

export type ParameterSchemas = Pick<RouteSchema, 'params' | 'querystring' | 'headers'>;

/**
 * Schema of the path parameter for `*`. OpenAPI cannot express a parameter with several segments, so the description
 * says it.
 */
const restOfPath = { type: 'string', description: 'The rest of the path, with unencoded slashes' };

/**
 * Returns the schemas of all parameters of a route: those that the server validates, and those that it does not
 * (`unvalidated`).
 */
export function parameterSchemasOf(url: string, schema: RouteSchema): ParameterSchemas {
  const { params, querystring, headers, unvalidated = {} } = schema;
  const query = withMembers(querystring, unvalidated.querystring);
  const header = withMembers(headers, unvalidated.headers);
  return {
    params: pathParametersOf(url, { ...propertiesOf(params ?? {}), ...unvalidated.params }),
    ...(query !== undefined && { querystring: query }),
    ...(header !== undefined && { headers: header }),
  };
}

function pathParametersOf(url: string, { '*': rest = restOfPath, ...named }: Members): JsonSchema {
  const known: Members = { path: rest, ...named };
  const names = parameterNamesOf(url);
  const properties = Object.fromEntries(names.map((name) => [name, known[name] ?? { type: 'string' }]));
  return { type: 'object', properties, required: names };
}

type Members = Readonly<Record<string, JsonSchema>>;

function withMembers(schema: JsonSchema | undefined, members: Members | undefined): JsonSchema | undefined {
  if (members === undefined) return schema && withDefaultsOptional(schema);
  const { type = 'object', ...rest } = withDefaultsOptional(schema ?? {});
  return { ...rest, type, properties: { ...propertiesOf(rest), ...members } };
}
