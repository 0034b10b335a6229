import { STATUS_CODES } from 'node:http';
import type { RouteOptions } from 'fastify';
import type { ErrorDefinition } from '../../errors/define-errors.ts';
import type { AnswerHeader, JsonSchema, RouteSchema } from '../routes/route-schema.ts';
import { type ParameterSchemas, parameterSchemasOf, pathOf } from './components/parameters.ts';
import { bodyAsDocumented } from './components/schemas.ts';
import { type GuardDescription, securityOf } from './components/security.ts';
import { errorsOf } from './problems.ts';

/** Name of the OpenAPI extension in which `describeRoute` passes data to `completeDocument`. */
export const answersKey = 'x-watmeter-answers';

/** Parts of an operation's responses that @fastify/swagger does not build. */
export interface Answers {
  readonly errors: readonly ErrorDefinition[];
  readonly headers: readonly AnswerHeader[];
  readonly hasErrorPages: boolean;
}

interface DescribedRoute {
  readonly url: string;
  readonly schema: RouteSchema & ParameterSchemas & { readonly [answersKey]: Answers };
}

/** Converts a route to the form that @fastify/swagger reads. The plugin calls it as its `transform` hook. */
export function describeRoute(
  { method, url, config, schema = {} }: RouteOptions,
  guard: GuardDescription,
): DescribedRoute {
  const route = schema as RouteSchema;
  const access = config?.access;
  const answers: Answers = {
    errors: errorsOf({ method: String(method), access, schema: route }, guard),
    headers: route.answerHeaders ?? [],
    hasErrorPages: route.hasErrorPages ?? false,
  };
  return {
    url: pathOf(url),
    schema: {
      ...route,
      security: route.security ?? securityOf(access, guard),
      ...parameterSchemasOf(url, route),
      ...(route.body !== undefined && { body: bodyAsDocumented(route.body) }),
      response: describeStatuses(route.response ?? {}),
      [answersKey]: answers,
    },
  };
}

/**
 * Adds the status text as the description of each response with a body. The schema of such a response describes only
 * the body.
 */
function describeStatuses(response: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  const described = Object.entries(response).map(([status, schema]): [string, JsonSchema] => {
    const isStatusDescribed = schema['type'] === 'null' || schema['content'] !== undefined;
    const description = isStatusDescribed ? schema['description'] : undefined;
    return [status, { ...schema, 'x-response-description': description ?? STATUS_CODES[status] ?? status }];
  });
  return Object.fromEntries(described);
}
