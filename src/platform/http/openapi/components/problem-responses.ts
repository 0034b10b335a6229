import type { ErrorDefinition } from '../../../errors/define-errors.ts';
import type { JsonSchema } from '../../routes/route-schema.ts';
import { exampleOf, hasExample, problemHeadersOf } from '../problems.ts';
import { headersOf } from './answer-headers.ts';

/**
 * Error responses of the document. Responses with the same errors share a component, whose name consists of the error
 * codes.
 */
export interface ProblemResponses {
  /** Returns a reference to the response for these errors. With `hasPages`, the response can also be an HTML page. */
  refer(status: number, errors: readonly ErrorDefinition[], hasPages: boolean): JsonSchema;
  /** Returns a reference to the response for any other error. */
  referRest(hasPages: boolean): JsonSchema;
  components(): Readonly<Record<'responses' | 'examples', Readonly<Record<string, JsonSchema>>>>;
}

const problem = { $ref: '#/components/schemas/Problem' };
const page = {
  'text/html': { schema: { type: 'string', description: 'A page that shows the error to a person' } },
};

/** Creates an empty collection of error responses. */
export function createProblemResponses(): ProblemResponses {
  const responses: Record<string, JsonSchema> = {};
  const examples: Record<string, JsonSchema> = {};

  function keep(name: string, hasPages: boolean, response: JsonSchema, media: JsonSchema): JsonSchema {
    const key = hasPages ? `${name}.page` : name;
    const content = { 'application/problem+json': media, ...(hasPages && page) };
    responses[key] ??= { ...response, content };
    return { $ref: `#/components/responses/${key}` };
  }

  return {
    refer(status, errors, hasPages) {
      const codes = errors.map(({ code }) => code);
      const errorsWithExample = errors.filter(hasExample);
      for (const error of errorsWithExample) examples[error.code] = exampleOf(error);
      const schema = { allOf: [problem, { properties: { code: { enum: codes } } }] };
      const references = Object.fromEntries(
        errorsWithExample.map(({ code }) => [code, { $ref: `#/components/examples/${code}` }]),
      );
      const description = errors.map(({ title }) => title).join('; ');
      return keep(
        codes.join('.'),
        hasPages,
        { description, ...headersOf(problemHeadersOf(status)) },
        { schema, ...(errorsWithExample.length > 0 && { examples: references }) },
      );
    },
    referRest: (hasPages) =>
      keep('problem', hasPages, { description: 'Any other error' }, { schema: problem }),
    components: () => ({ responses, examples }),
  };
}
