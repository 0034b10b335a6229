import { type ErrorCode, errorCodes } from '../../errors/error-codes.ts';
import type { CollectedRoute, JsonSchema } from '../collect-routes.ts';
import { problemOf, statusOfKind } from '../problems/problems.ts';
import type { AnswerHeader } from './answer-headers.ts';
import type { OperationNotes } from './notes.ts';
import { jsonType } from './schemas.ts';

/** Which errors a route can answer: what follows from its schema and its access rule, and what its notes add. */
export function codesOf({ method, access, schema }: CollectedRoute, notes: OperationNotes): ErrorCode[] {
  const { params, querystring, body } = schema;
  const codes: ErrorCode[] = [];
  if (params ?? querystring ?? body) codes.push('invalid_request');
  if (querystring !== undefined && 'cursor' in propertiesOf(querystring)) codes.push('invalid_cursor');
  if (body !== undefined) {
    if (contentOf(body)[jsonType] !== undefined) codes.push('invalid_json');
    codes.push('payload_too_large', 'unsupported_media_type');
  }
  if (access !== undefined && access !== 'public') {
    codes.push('unauthenticated', 'control_store_unavailable');
    if (access !== 'signed-in') codes.push('insufficient_scope');
    if (method !== 'GET') codes.push('cross_origin');
  }
  return [...new Set([...codes, ...(notes.problems ?? [])])];
}

/** The members of an object's schema. */
export function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema['properties'] ?? {}) as Record<string, JsonSchema>;
}

/** A body by its media types; JSON, where the schema names none. */
export function contentOf(schema: JsonSchema): Readonly<Record<string, Content>> {
  return (schema['content'] as Record<string, Content> | undefined) ?? { [jsonType]: { schema } };
}

interface Content {
  readonly schema: JsonSchema;
  /** Where it is not the one of the notes: for another media type. */
  readonly example?: unknown;
}

/** The problem document of RFC 9457, as a schema. */
export const problemSchema = {
  type: 'object',
  description: 'RFC 9457. Never repeats a URL, a token or a claim.',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string', description: '`urn:watmeter:problem:` and the code' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(errorCodes), description: 'Stable: go by this' },
    detail: { type: 'string', description: 'What to do about it' },
    errors: {
      type: 'array',
      description: 'Every fault of the input at once',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'string', description: 'JSON pointer into the body or the parameters' },
          message: { type: 'string' },
        },
      },
    },
    findings: {
      type: 'array',
      description: 'Of `payload_invalid`: as in the answer of generateToken',
      items: { type: 'object' },
    },
  },
} as const;

/** Codes by the status that they are answered with. */
export function byStatus(codes: readonly ErrorCode[]): Map<number, ErrorCode[]> {
  const groups = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const status = statusOfKind[errorCodes[code].kind];
    groups.set(status, [...(groups.get(status) ?? []), code]);
  }
  return new Map([...groups].sort(([one], [other]) => one - other));
}

/** What nobody can call forth by a request has no example: an example is something that a test runs. */
const cannotBeAskedFor = ['unavailable', 'internal', 'timeout'];

export function hasExample(code: ErrorCode): boolean {
  return !cannotBeAskedFor.includes(errorCodes[code].kind);
}

export function exampleOf(code: ErrorCode) {
  return { summary: errorCodes[code].title, value: problemOf(code) };
}

/** The headers that come with a status. */
export function problemHeaders(status: number): readonly AnswerHeader[] {
  if (status === 401) return ['www-authenticate'];
  return status === 429 || status === 503 ? ['retry-after'] : [];
}
