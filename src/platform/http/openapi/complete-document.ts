import { isSuccess, openApiFaults } from './completeness.ts';
import { headerComponents, headersOf } from './components/answer-headers.ts';
import { createProblemResponses, type ProblemResponses } from './components/problem-responses.ts';
import { createSchemaComponents } from './components/schemas.ts';
import type { OpenApiDocument, Operation, Parameter, Paths } from './document-types.ts';
import { type Answers, answersKey } from './operation.ts';
import { byStatus, problemHeaders } from './problems.ts';

interface DescribedOperation extends Operation {
  readonly [answersKey]?: Answers;
}

/**
 * Adds to the document of @fastify/swagger what the plugin cannot express: shared schemas, response headers and
 * errors. The plugin calls it as its `transformObject` hook.
 * @throws Error with all problems that `openApiFaults` returns.
 */
export function completeDocument(document: OpenApiDocument): OpenApiDocument {
  const { openapi, info, servers, tags, paths, components, ...extensions } = document;
  const { schemas, refer } = createSchemaComponents(components['schemas'] ?? {});
  const problems = createProblemResponses();
  const described: readonly DescribedOperation[] = operationsIn(paths);
  const headers = [...described.flatMap((operation) => answersOf(operation).headers), ...problemHeaders];
  const completePaths = mapOperations(paths, (operation) => refer(completeOperation(operation, problems)));
  const faults = openApiFaults(completePaths, tags);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const used = new Set(described.flatMap((operation) => operation.tags));
  return {
    ...{ openapi, info, servers },
    tags: tags.filter(({ name }) => used.has(name)),
    paths: completePaths,
    components: {
      ...{ schemas, ...problems.components() },
      ...components,
      ...{ schemas, headers: headerComponents(headers) },
    },
    ...extensions,
  };
}

function completeOperation(described: DescribedOperation, problems: ProblemResponses): Operation {
  const { [answersKey]: _, responses, parameters, ...operation } = described;
  const { errors, headers, hasErrorPages } = answersOf(described);
  const successes = Object.entries(responses).map(([status, response]) => [
    status,
    { ...response, ...(isSuccess(status) && headersOf(headers)) },
  ]);
  const failures = [...byStatus(errors)].map(([status, failed]) => [
    String(status),
    problems.refer(status, failed, hasErrorPages),
  ]);
  return {
    ...operation,
    ...(parameters !== undefined && { parameters: parameters.map(withoutDefaults) }),
    responses: {
      ...Object.fromEntries([...failures, ...successes]),
      default: problems.referRest(hasErrorPages),
    },
  };
}

function answersOf({ [answersKey]: answers }: DescribedOperation): Answers {
  if (answers === undefined) throw new Error('describeRoute has not described the operation');
  return answers;
}

/** Removes `required: false`, because OpenAPI assumes it by default. */
function withoutDefaults({ required, ...parameter }: Parameter): Parameter {
  return { ...parameter, ...(required && { required }) };
}

function operationsIn(paths: Paths): Operation[] {
  return Object.values(paths).flatMap((methods) => Object.values(methods));
}

function mapOperations(paths: Paths, change: (operation: Operation) => Operation): Paths {
  const mapped = Object.entries(paths).map(([path, methods]) => [
    path,
    Object.fromEntries(Object.entries(methods).map(([method, operation]) => [method, change(operation)])),
  ]);
  return Object.fromEntries(mapped);
}
