import { type ErrorCode, errorCodes } from '../../errors/error-codes.ts';
import type { CollectedRoute } from '../collect-routes.ts';
import { problemOf, statusOfKind } from '../problems/problems.ts';
import type { AnswerHeader, JsonSchema } from '../route-schema.ts';
import { propertiesOf } from './schemas.ts';

type FailingRoute = Pick<CollectedRoute, 'method' | 'access' | 'schema'>;

/** Returns the errors that a route can answer: those of its schema and its access rule, and those that it names. */
export function codesOf({ method, access, schema }: FailingRoute): ErrorCode[] {
  const { params, querystring, body } = schema;
  const codes: ErrorCode[] = [];
  if (params ?? querystring ?? body) codes.push('invalid_request');
  if (querystring !== undefined && 'cursor' in propertiesOf(querystring)) codes.push('invalid_cursor');
  if (body !== undefined) {
    if (isJson(body)) codes.push('invalid_json');
    codes.push('payload_too_large', 'unsupported_media_type');
  }
  if (access !== undefined && access !== 'public') {
    codes.push('unauthenticated', 'control_store_unavailable');
    if (access !== 'signed-in') codes.push('insufficient_scope');
    if (method !== 'GET') codes.push('cross_origin');
  }
  return [...new Set([...codes, ...(schema.errors ?? [])])];
}

/** A body without media types is JSON. */
function isJson({ content }: JsonSchema): boolean {
  return content === undefined || 'application/json' in (content as object);
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

const authenticate: AnswerHeader = { name: 'www-authenticate', description: 'How to authenticate' };
const retryAfter: AnswerHeader = { name: 'retry-after', description: 'Seconds to wait before the next try' };

export const problemHeaders: readonly AnswerHeader[] = [authenticate, retryAfter];

/** Returns the headers that come with a status. */
export function problemHeadersOf(status: number): readonly AnswerHeader[] {
  if (status === 401) return [authenticate];
  return status === 429 || status === 503 ? [retryAfter] : [];
}
