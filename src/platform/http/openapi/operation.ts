import { STATUS_CODES } from 'node:http';
import type { ErrorCode } from '../../error-codes.ts';
import type { CollectedRoute, JsonSchema } from '../collect-routes.ts';
import type { AnswerHeader, ExampleRequest, OperationNotes } from './notes.ts';
import { byStatus, codesOf, contentOf, propertiesOf } from './problems.ts';
import type { SchemaComponents } from './schemas.ts';
import { securityOf } from './security.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

export interface MediaType {
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Readonly<Record<string, MediaType>> };
  readonly responses: Readonly<Record<string, JsonSchema>>;
}

export interface OperationDeps {
  readonly components: SchemaComponents;
  /** The reference to the shared answer of these errors. */
  readonly problems: (status: number, codes: readonly ErrorCode[]) => JsonSchema;
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

/** One operation of the document. */
export function operationOf(route: CollectedRoute, notes: OperationNotes, deps: OperationDeps): Operation {
  const { schema, access } = route;
  const { operationId, request = {} } = notes;
  const parameters = parametersOf(route, request, deps.components);
  return {
    operationId,
    summary: schema.summary ?? '',
    ...(schema.description !== undefined && { description: schema.description }),
    tags: schema.tags ?? [],
    security: (notes.security as Operation['security'] | undefined) ?? securityOf(access),
    ...(parameters.length > 0 && { parameters }),
    ...(schema.body !== undefined && {
      requestBody: { required: true, content: mediaTypesOf(schema.body, request.body, deps.components) },
    }),
    responses: responsesOf(route, notes, deps),
  };
}

function parametersOf(
  { url, schema }: CollectedRoute,
  { params = {}, query = {}, headers = {} }: ExampleRequest,
  components: SchemaComponents,
): Parameter[] {
  const { '*': rest = restOfPath, ...named } = propertiesOf(schema.params ?? {});
  const names = parameterNamesOf(url);
  const known: Readonly<Record<string, JsonSchema>> = url.includes('*') ? { ...named, path: rest } : named;
  const inPath = Object.fromEntries(names.map((name) => [name, known[name] ?? { type: 'string' }]));
  const listOf = (place: Parameter['in'], source: JsonSchema, examples: Readonly<Record<string, unknown>>) =>
    Object.entries(propertiesOf(source)).map(([name, one]) =>
      parameterOf({ name, in: place, schema: one }, isRequired(source, name), examples[name], components),
    );
  return [
    ...listOf('path', { properties: inPath, required: names }, params),
    ...listOf('query', schema.querystring ?? {}, query),
    ...listOf('header', schema.headers ?? {}, headers),
  ];
}

function isRequired({ required }: JsonSchema, name: string): boolean {
  return Array.isArray(required) && required.includes(name);
}

function parameterOf(
  { schema, ...bare }: Pick<Parameter, 'name' | 'in' | 'schema'>,
  required: boolean,
  example: unknown,
  components: SchemaComponents,
): Parameter {
  const { description, ...rest } = schema;
  return {
    ...bare,
    ...(required && { required }),
    ...(typeof description === 'string' && { description }),
    schema: components.refer(rest),
    ...(example !== undefined && { example }),
  };
}

function mediaTypesOf(schema: JsonSchema, example: unknown, components: SchemaComponents) {
  return Object.fromEntries(
    Object.entries(contentOf(schema)).map(([type, media]): [string, MediaType] => {
      const shown = media.example ?? example;
      return [
        type,
        { schema: components.refer(media.schema), ...(shown !== undefined && { example: shown }) },
      ];
    }),
  );
}

function responsesOf(route: CollectedRoute, notes: OperationNotes, { components, problems }: OperationDeps) {
  const successes = Object.entries(route.schema.response ?? {}).map(([status, schema]) => {
    const hasBody = schema['type'] !== 'null';
    const answer = isSuccess(status) ? notes.answer : undefined;
    return [
      status,
      {
        description: STATUS_CODES[status] ?? status,
        ...headersOf(isSuccess(status) ? (notes.answerHeaders ?? []) : []),
        ...(hasBody && { content: mediaTypesOf(schema, answer, components) }),
      },
    ];
  });
  const failures = [...byStatus(codesOf(route, notes))].map(([status, codes]) => [
    String(status),
    problems(status, codes),
  ]);
  return {
    ...Object.fromEntries([...failures, ...successes]),
    default: { $ref: '#/components/responses/problem' },
  };
}

export function isSuccess(status: string): boolean {
  return Number(status) < 400;
}

export function headersOf(names: readonly AnswerHeader[]) {
  if (names.length === 0) return {};
  return {
    headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
  };
}
