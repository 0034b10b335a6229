import { Ajv, type ErrorObject, type Options } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { parseInstant } from '../../instants.ts';
import { documentedKeyword } from '../routes/documented-keyword.ts';
import { ruleKeyword } from '../routes/rule-keyword.ts';
import { withRuleMessages } from './rule-messages.ts';

const common: Options = {
  allErrors: true,
  removeAdditional: false,
  useDefaults: true,
  strict: true,
  keywords: [documentedKeyword, ruleKeyword],
  formats: { 'date-time': (text: string) => parseInstant(text) !== undefined },
};

/**
 * Creates the server's schema compiler. Bodies are validated without type coercion. Query, path and header parameters
 * are text, so they are coerced. All validation errors of a part are reported. This is safe, because the sizes of
 * bodies and URLs are limited.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<TSchema> {
  const exact = new Ajv({ ...common, coerceTypes: false });
  // Ajv coerces `1e400` to Infinity. With strict numbers, it would not compare Infinity with the bounds, and would
  // accept it.
  const coercing = new Ajv({ ...common, coerceTypes: 'array', strictNumbers: false });
  return ({ schema, httpPart }) => {
    const validate = (httpPart === 'body' ? exact : coercing).compile(schema);
    /** Validates a value. Fastify reads the errors from the function's member `errors`. */
    const validator: Validator = (value) => {
      const isValid = validate(value);
      validator.errors = isValid ? null : withRuleMessages(schema, validate.errors ?? []);
      return isValid;
    };
    return validator;
  };
}

type Validator = ((value: unknown) => boolean) & { errors?: ErrorObject[] | null };
