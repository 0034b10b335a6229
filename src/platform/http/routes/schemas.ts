import { type Static, type TSchema, Type } from 'typebox';
import { ruleKeyword } from './rule-keyword.ts';

/** Characters that a name must not contain: control characters and unpaired surrogates. */
const forbidden = '\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff';

/**
 * A name that a user has chosen: optional white space, a visible character, then any characters. Adjacent parts of
 * the pattern never match the same character, so matching takes linear time.
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

/** Makes a schema reject unknown members. */
export const strict = { additionalProperties: false } as const;
export const NoQuery = Type.Object({}, strict);

/**
 * Adds an example for the OpenAPI document to a schema. The document still contains the schema as a shared component,
 * without the example.
 */
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
