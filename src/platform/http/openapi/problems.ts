import type { ErrorDefinition, ErrorTable } from '../../errors/define-errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';
import { problemOf, statusOfKind } from '../problems/problems.ts';
import type { CollectedRoute } from '../routes/collect-routes.ts';
import type { AnswerHeader, JsonSchema } from '../routes/route-schema.ts';
import { propertiesOf } from './components/schemas.ts';
import type { GuardDescription } from './components/security.ts';

type FailingRoute = Pick<CollectedRoute, 'method' | 'access' | 'schema'>;

/**
 * Returns the errors that a route can return: those that follow from its schema and its access rule, and those in its
 * `errors`.
 */
export function errorsOf(
  { method, access, schema }: FailingRoute,
  guard: GuardDescription,
): ErrorDefinition[] {
  const { params, querystring, body } = schema;
  const errors: ErrorDefinition[] = [];
  if (params ?? querystring ?? body) errors.push(platformErrors.invalid_request);
  if (querystring !== undefined && 'cursor' in propertiesOf(querystring))
    errors.push(platformErrors.invalid_cursor);
  if (body !== undefined) {
    if (isJson(body)) errors.push(platformErrors.invalid_json, platformErrors.invalid_utf8);
    errors.push(platformErrors.payload_too_large, platformErrors.unsupported_media_type);
  }
  if (access !== undefined && access !== 'public') {
    errors.push(...guard.signedIn);
    if (access !== 'signed-in') errors.push(...guard.scoped);
    if (method !== 'GET') errors.push(...guard.changing);
  }
  return [...new Set([...errors, ...(schema.errors ?? [])])];
}

/** Returns whether a body schema accepts JSON. A schema without media types accepts JSON. */
function isJson({ content }: JsonSchema): boolean {
  return content === undefined || 'application/json' in (content as object);
}

/** Returns the schema for a problem document (RFC 9457) with the given errors. */
export const problemSchemaOf = (errors: ErrorTable) => ({
  type: 'object',
  description: 'A problem document (RFC 9457). It never repeats the URL, a token or a claim of the request.',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string', description: '`urn:watmeter:problem:` followed by the code' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(errors), description: 'A stable code, for programs' },
    detail: { type: 'string', description: 'How to resolve the error' },
    errors: {
      type: 'array',
      description: 'The validation errors of the request, at most 50',
      maxItems: 50,
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'string', description: 'JSON pointer into the body or the parameters' },
          message: { type: 'string' },
        },
      },
    },
    moreErrors: {
      type: 'integer',
      minimum: 1,
      description: 'The number of validation errors that `errors` does not list',
    },
    ...Object.assign({}, ...Object.values(errors).map(({ members }) => members)),
  },
});

/** Groups errors by their HTTP status, in ascending order. */
export function byStatus(errors: readonly ErrorDefinition[]): Map<number, ErrorDefinition[]> {
  const groups = new Map<number, ErrorDefinition[]>();
  for (const error of errors) {
    const status = statusOfKind[error.kind];
    groups.set(status, [...(groups.get(status) ?? []), error]);
  }
  return new Map([...groups].sort(([statusA], [statusB]) => statusA - statusB));
}

/** Kinds of errors that no request can cause. Their errors have no examples, because a test runs every example. */
const kindsWithoutExample = ['unavailable', 'internal', 'timeout'];

/** Returns whether the document contains an example for an error. */
export function hasExample({ kind }: ErrorDefinition): boolean {
  return !kindsWithoutExample.includes(kind);
}

/** Returns the example for an error: its title and its problem document. */
export function exampleOf(error: ErrorDefinition) {
  return { summary: error.title, value: problemOf(error) };
}

const authenticate: AnswerHeader = { name: 'www-authenticate', description: 'How to authenticate' };
const retryAfter: AnswerHeader = { name: 'retry-after', description: 'Seconds to wait before a retry' };

export const problemHeaders: readonly AnswerHeader[] = [authenticate, retryAfter];

/** Returns the headers of error responses with this status. */
export function problemHeadersOf(status: number): readonly AnswerHeader[] {
  if (status === 401) return [authenticate];
  return status === 429 || status === 503 ? [retryAfter] : [];
}
