import type { CollectedRoute, JsonSchema } from '../collect-routes.ts';
import { headerComponents } from './answer-headers.ts';
import { exampleValues } from './example-values.ts';
import type { NotesByRoute, OperationNotes } from './notes.ts';
import { isSuccess, type Operation, operationOf } from './operation.ts';
import { parameterNamesOf, pathOf } from './parameters.ts';
import { createProblemResponses } from './problem-responses.ts';
import { problemSchema } from './problems.ts';
import { createSchemaComponents } from './schemas.ts';
import { securitySchemes } from './security.ts';

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license?: { readonly name: string; readonly identifier: string };
  };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly 'x-example-values': Readonly<
    Record<string, { readonly value: string; readonly description: string }>
  >;
}

export interface OpenApiSource {
  readonly info: OpenApiDocument['info'];
  readonly serverUrl: string;
  /** What each tag of an operation stands for, in the order of the document. */
  readonly tags: Readonly<Record<string, string>>;
  readonly routes: readonly CollectedRoute[];
  readonly notes: NotesByRoute;
}

/**
 * The OpenAPI 3.1 document of these routes. Pure. Routes that say nothing of access are files of the dashboard, and no
 * operations; others say themselves that they are none.
 * @throws Error with everything that `openApiFaults` finds.
 */
export function createOpenApi({ info, serverUrl, tags, routes, notes }: OpenApiSource): OpenApiDocument {
  const operations = routes.filter(isOperation);
  const faults = openApiFaults(operations, notes, tags);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const components = createSchemaComponents({ Problem: problemSchema });
  const problems = createProblemResponses();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of operations) {
    const path = pathOf(route.url);
    const operation = operationOf(route, notes[keyOf(route)] as OperationNotes, { components, problems });
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation };
  }
  const used = new Set(operations.flatMap(({ schema }) => schema.tags ?? []));
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: serverUrl }],
    tags: Object.entries(tags)
      .filter(([name]) => used.has(name))
      .map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas: components.schemas, ...problems.components(), ...fixedComponents },
    'x-example-values': exampleValues,
  };
}

/** Routes that say nothing of access are files. */
export function isOperation({ access, isUndocumented }: CollectedRoute): boolean {
  return access !== undefined && !isUndocumented;
}

function keyOf({ method, url }: CollectedRoute): string {
  return `${method} ${url}`;
}

/** What is missing for a complete document, a line each. */
export function openApiFaults(
  routes: readonly CollectedRoute[],
  notes: NotesByRoute,
  tags: OpenApiSource['tags'],
): string[] {
  return routes.flatMap((route) => {
    const missing = missingOf(route, notes[keyOf(route)], tags);
    return missing.length === 0 ? [] : [`${keyOf(route)} has no ${missing.join(', no ')} (CONTRIBUTING.md)`];
  });
}

function missingOf(
  { url, schema }: CollectedRoute,
  notes: OperationNotes | undefined,
  known: OpenApiSource['tags'],
): string[] {
  const { summary, tags, body, response = {} } = schema;
  const successes = Object.entries(response).filter(([status]) => isSuccess(status));
  const answers = successes.some(([, { type }]) => type !== 'null');
  const examples = notes?.request?.params ?? {};
  const checks: [string, boolean][] = [
    ['summary in its schema', summary !== undefined],
    ['tags in its schema', tags !== undefined],
    ['description of its tags in api-description.ts', (tags ?? []).every((tag) => tag in known)],
    ['response schema of a success', successes.length > 0],
    ['notes in the operations.ts of its room', notes !== undefined],
    ['example of its answer', notes === undefined || !answers || notes.answer !== undefined],
    ['example of its body', notes === undefined || body === undefined || notes.request?.body !== undefined],
    [
      'example of its path',
      notes === undefined || parameterNamesOf(url).every((name) => examples[name] !== undefined),
    ],
  ];
  return checks.filter(([, isThere]) => !isThere).map(([what]) => what);
}

const fixedComponents = { securitySchemes, headers: headerComponents() };
