import { Ajv, type Options } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { parseInstant } from '../../instants.ts';
import { documentedKeyword } from '../routes/documented-keyword.ts';

const common: Options = {
  allErrors: true,
  removeAdditional: false,
  useDefaults: true,
  strict: true,
  keywords: [documentedKeyword],
  formats: { 'date-time': (text: string) => parseInstant(text) !== undefined },
};

/**
 * Bodies are taken as they are; query, path and headers arrive as text and are coerced. All faults are
 * reported at once: bounded, since bodies and URLs are.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<TSchema> {
  const exact = new Ajv({ ...common, coerceTypes: false });
  // Not strict with numbers: `1e400` is coerced to Infinity, and strict bounds are not asked of what is not finite.
  const coercing = new Ajv({ ...common, coerceTypes: 'array', strictNumbers: false });
  return ({ schema, httpPart }) => (httpPart === 'body' ? exact : coercing).compile(schema);
}
