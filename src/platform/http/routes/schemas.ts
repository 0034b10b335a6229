import { type Static, type TSchema, Type } from 'typebox';
import { ruleKeyword } from './rule-keyword.ts';

/**
 * Characters that names must not contain: control characters, unpaired surrogates, direction controls and characters
 * without a visible form. With the last two, a page would show a name reversed, or two different names alike.
 */
const forbidden = [
  ...['\\u0000-\\u001f', '\\u007f-\\u009f', '\\ud800-\\udfff'],
  ...['\\u061c', '\\u200b-\\u200f', '\\u2028-\\u202e', '\\u2060-\\u206f', '\\ufff0-\\ufffb'],
  ...['\\u00ad', '\\u034f', '\\u115f\\u1160', '\\u17b4\\u17b5', '\\u180b-\\u180f', '\\u2800', '\\u3164'],
  ...['\\ufe00-\\ufe0d', '\\ufeff', '\\uffa0'],
  // Literal characters, because not every regular expression engine knows code point escapes.
  ...['\u{1d173}-\u{1d17a}', '\u{e0000}-\u{e0fff}'],
].join('');

/**
 * A name that a user has chosen: optional white space, a visible character, then any characters. Adjacent parts of
 * the pattern never match the same character, so matching takes linear time.
 */
export const NameText = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: `^[^\\S${forbidden}]*[^\\s${forbidden}][^${forbidden}]*$`,
  description:
    'Not blank, without control, direction and invisible characters. Blanks around it are removed, and each run of blanks inside it becomes one space',
  [ruleKeyword]:
    'must have 1 to 200 characters, not only spaces, and no control, direction or invisible characters',
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
