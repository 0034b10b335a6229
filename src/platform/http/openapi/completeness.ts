import type { MediaType, OpenApiDocument, Operation, Paths } from './document-types.ts';

/** Returns one line for each incomplete operation of a document, with the parts that it does not have. */
export function openApiFaults(paths: Paths, tags: OpenApiDocument['tags']): string[] {
  const known = new Set(tags.map(({ name }) => name));
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const missing = missingOf(operation, known);
      const route = `${method.toUpperCase()} ${path}`;
      return missing.length === 0 ? [] : [`${route} has no ${missing.join(', no ')} (CONTRIBUTING.md)`];
    }),
  );
}

function missingOf(operation: Partial<Operation>, knownTags: ReadonlySet<string>): string[] {
  const { operationId, summary, tags, parameters = [], requestBody, responses = {} } = operation;
  const successes = Object.entries(responses)
    .filter(([status]) => isSuccess(status))
    .map(([, response]) => response as { content?: Content });
  const checks: [string, boolean][] = [
    ['operationId', operationId !== undefined],
    ['summary', summary !== undefined],
    ['tags', tags !== undefined],
    ['description of its tags', (tags ?? []).every((tag) => knownTags.has(tag))],
    ['response schema of a success', successes.length > 0],
    ['example of its response', successes.every(({ content }) => haveExamples(content))],
    ['example of its body', haveExamples(requestBody?.content)],
    [
      'example of its path',
      parameters.every((parameter) => parameter.in !== 'path' || 'example' in parameter),
    ],
  ];
  return checks.filter(([, isPresent]) => !isPresent).map(([member]) => member);
}

/** Returns whether a status code is below 400. */
export function isSuccess(status: string): boolean {
  return Number(status) < 400;
}

type Content = Readonly<Record<string, MediaType>>;

function haveExamples(content: Content = {}): boolean {
  return Object.values(content).every((media) => 'example' in media);
}
