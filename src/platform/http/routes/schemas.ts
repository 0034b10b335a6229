import { type Static, type TSchema, Type } from 'typebox';
import { ruleKeyword } from './rule-keyword.ts';

/** Control characters and unpaired surrogates. */
const forbidden = '\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff';

/**
 * A name that a user chose: optional white space, a visible character, then any characters. Adjacent parts of
 * the pattern never match the same character, so it runs in linear time.
 */
export const NameText = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: `^[^\\S${forbidden}]*[^\\s${forbidden}][^${forbidden}]*$`,
  description: 'Not blank, without control characters',
  [ruleKeyword]: 'must have 1 to 200 characters, not only spaces, and no control characters',
});

export const Instant = Type.String({ format: 'date-time' });
export const TextOrNull = Type.Union([Type.String(), Type.Null()]);

/** Rejects unknown members of query strings and bodies. */
export const strict = { additionalProperties: false } as const;
export const NoQuery = Type.Object({}, strict);

/** Adds an example for the OpenAPI document to a schema. The schema of a shared component stays unchanged. */
export function withExample<T extends TSchema>(schema: T, example: Static<T>): T {
  return { ...schema, examples: [example] };
}

/** Converts epoch milliseconds to an RFC 3339 instant in UTC. */
export function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}

/** Converts epoch milliseconds to an RFC 3339 instant in UTC, and undefined to null. */
export function toInstantOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : toInstant(ms);
}
