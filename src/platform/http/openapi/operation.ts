import { STATUS_CODES } from 'node:http';
import type { CollectedRoute, JsonSchema } from '../collect-routes.ts';
import { headersOf } from './answer-headers.ts';
import type { OperationNotes } from './notes.ts';
import { type Parameter, parametersOf, withDefaultsOptional } from './parameters.ts';
import type { ProblemResponses } from './problem-responses.ts';
import { byStatus, codesOf, contentOf, propertiesOf } from './problems.ts';
import type { SchemaComponents } from './schemas.ts';
import { securityOf } from './security.ts';

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
  readonly problems: Pick<ProblemResponses, 'refer' | 'referRest'>;
}

/** One operation of the document. */
export function operationOf(route: CollectedRoute, notes: OperationNotes, deps: OperationDeps): Operation {
  const { schema, access } = route;
  const { operationId, request = {} } = notes;
  const parameters = parametersOf(route, notes, deps.components);
  return {
    operationId,
    summary: schema.summary ?? '',
    ...(schema.description !== undefined && { description: schema.description }),
    tags: schema.tags ?? [],
    security: (notes.security as Operation['security'] | undefined) ?? securityOf(access),
    ...(parameters.length > 0 && { parameters }),
    ...(schema.body !== undefined && {
      requestBody: {
        required: true,
        content: mediaTypesOf(
          withDefaultsOptional(withMembers(schema.body, notes.bodyMembers)),
          request.body,
          deps.components,
        ),
      },
    }),
    responses: responsesOf(route, notes, deps),
  };
}

function withMembers(body: JsonSchema, members: OperationNotes['bodyMembers']): JsonSchema {
  return members === undefined ? body : { ...body, properties: { ...propertiesOf(body), ...members } };
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
  const { answer, answerHeaders = [], hasPages = false } = notes;
  const successes = Object.entries(route.schema.response ?? {}).map(([status, schema]) => {
    const isWell = isSuccess(status);
    const hasBody = schema['type'] !== 'null';
    // With a body it is of the schema.
    const said = hasBody && schema['content'] === undefined ? undefined : schema['description'];
    return [
      status,
      {
        description: said ?? STATUS_CODES[status] ?? status,
        ...headersOf(isWell ? answerHeaders : []),
        ...(hasBody && { content: mediaTypesOf(schema, isWell ? answer : undefined, components) }),
      },
    ];
  });
  const failures = [...byStatus(codesOf(route, notes))].map(([status, codes]) => [
    String(status),
    problems.refer(status, codes, hasPages),
  ]);
  return { ...Object.fromEntries([...failures, ...successes]), default: problems.referRest(hasPages) };
}

export function isSuccess(status: string): boolean {
  return Number(status) < 400;
}
