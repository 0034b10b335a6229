import { type ErrorCode, errorCodes } from '../../error-codes.ts';
import type { JsonSchema } from '../collect-routes.ts';
import { headersOf } from './operation.ts';
import { exampleOf, hasExample, problemHeaders } from './problems.ts';

/** Answers with the same errors are one component, called by their codes. */
export function createProblemResponses() {
  const media = (schema: JsonSchema, more = {}) => ({ 'application/problem+json': { schema, ...more } });
  const problem = { $ref: '#/components/schemas/Problem' };
  const responses: Record<string, JsonSchema> = {
    problem: { description: 'Any other error', content: media(problem) },
  };
  const used = new Set<ErrorCode>();

  return {
    refer(status: number, codes: readonly ErrorCode[]): JsonSchema {
      const name = codes.join('.');
      const shown = codes.filter(hasExample);
      for (const code of shown) used.add(code);
      const schema = { allOf: [problem, { properties: { code: { enum: codes } } }] };
      const examples = Object.fromEntries(
        shown.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
      );
      responses[name] ??= {
        description: codes.map((code) => errorCodes[code].title).join('; '),
        ...headersOf(problemHeaders(status)),
        content: media(schema, shown.length > 0 ? { examples } : {}),
      };
      return { $ref: `#/components/responses/${name}` };
    },
    components: () => ({
      responses,
      examples: Object.fromEntries([...used].map((code) => [code, exampleOf(code)])),
    }),
  };
}
