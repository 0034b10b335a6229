import { type Static, type TSchema, Type } from 'typebox';

/** Control characters and unpaired surrogates. */
const forbidden = '\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff';

/**
 * A name that a user chose: white space, then a visible character, then any characters. No two adjacent parts of the pattern
 * match the same character, so it runs in linear time.
 */
export const NameText = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: `^[^\\S${forbidden}]*[^\\s${forbidden}][^${forbidden}]*$`,
  description: 'Not blank, without control characters',
});

export const Instant = Type.String({ format: 'date-time' });
export const TextOrNull = Type.Union([Type.String(), Type.Null()]);

/** Rejects unknown members of query strings and bodies. */
export const strict = { additionalProperties: false } as const;
export const NoQuery = Type.Object({}, strict);

/** Returns the schema with an example for the OpenAPI document. The schema of a shared component stays as it is. */
export function withExample<T extends TSchema>(schema: T, example: Static<T>): T {
  return { ...schema, examples: [example] };
}

/** Returns epoch milliseconds as an RFC 3339 instant in UTC. */
export function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}

/** Returns epoch milliseconds as an RFC 3339 instant in UTC, or null for undefined. */
export function toInstantOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : toInstant(ms);
}
