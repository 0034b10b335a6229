import type { CollectedRoute, JsonSchema } from '../collect-routes.ts';
import type { OperationNotes, ParameterPlace } from './notes.ts';
import { propertiesOf } from './problems.ts';
import type { SchemaComponents } from './schemas.ts';

export interface Parameter {
  readonly name: string;
  readonly in: ParameterPlace;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

/** A route's path as OpenAPI writes it: `:id` as `{id}`, the rest of a path as `{path}`. */
export function pathOf(url: string): string {
  return url.replace(/:(\w+)/g, '{$1}').replace('*', '{path}');
}

export function parameterNamesOf(url: string): string[] {
  return [...pathOf(url).matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

/** OpenAPI knows no parameter of several segments: it is said in words. */
const restOfPath = { type: 'string', description: 'The rest of the path; its slashes are not encoded' };

/** The parameters of an operation, those of its schema before those of its notes. */
export function parametersOf(
  { url, schema }: CollectedRoute,
  { request = {}, parameters = {} }: OperationNotes,
  { refer }: Pick<SchemaComponents, 'refer'>,
): Parameter[] {
  const names = parameterNamesOf(url);
  const { '*': rest = restOfPath, ...named } = propertiesOf(schema.params ?? {});
  const known: Readonly<Record<string, JsonSchema>> = { ...named, path: rest, ...parameters.path };
  const inPath = Object.fromEntries(names.map((name) => [name, known[name] ?? { type: 'string' }]));
  const listOf = (place: ParameterPlace, source: JsonSchema, examples: Examples = {}) =>
    Object.entries(propertiesOf(source)).map(([name, { description, ...one }]) => ({
      ...{ name, in: place },
      ...(isRequired(source, name) && { required: true }),
      ...(typeof description === 'string' && { description }),
      schema: refer(one),
      ...(examples[name] !== undefined && { example: examples[name] }),
    }));
  return [
    ...listOf('path', { properties: inPath, required: names }, request.params),
    ...listOf('query', withDefaultsOptional(schema.querystring ?? {}), request.query),
    ...listOf('query', { properties: parameters.query }, request.query),
    ...listOf('header', withDefaultsOptional(schema.headers ?? {}), request.headers),
    ...listOf('header', { properties: parameters.header }, request.headers),
  ];
}

type Examples = Readonly<Record<string, unknown>>;

function isRequired({ required }: JsonSchema, name: string): boolean {
  return Array.isArray(required) && required.includes(name);
}

/** A schema as callers meet it: what has a default may be left out, though the route always finds it there. */
export function withDefaultsOptional(schema: JsonSchema): JsonSchema {
  const members = propertiesOf(schema);
  const { required: all, ...rest } = schema;
  if (!Array.isArray(all)) return schema;
  const required = all.filter((name) => members[name]?.['default'] === undefined);
  return required.length === all.length ? schema : { ...rest, ...(required.length > 0 && { required }) };
}
