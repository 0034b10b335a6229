import { type Static, type TSchema, Type } from 'typebox';

/** Blanks, then something else, then anything: no two neighbours can take the same character, so it is linear. */
const unusable = '\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff';

/** A name that people give to something. */
export const NameText = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: `^[^\\S${unusable}]*[^\\s${unusable}][^${unusable}]*$`,
  description: 'Not blank, without control characters',
});

export const Instant = Type.String({ format: 'date-time' });
export const TextOrNull = Type.Union([Type.String(), Type.Null()]);

/** Nothing but what is named: for query strings and bodies. */
export const strict = { additionalProperties: false } as const;
export const NoQuery = Type.Object({}, strict);

/** Returns the schema with an example for the OpenAPI document. The schema of a shared component stays as it is. */
export function withExample<T extends TSchema>(schema: T, example: Static<T>): T {
  return { ...schema, examples: [example] };
}

export function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}

export function toInstantOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : toInstant(ms);
}
