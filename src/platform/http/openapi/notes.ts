import type { ErrorCode } from '../../errors/error-codes.ts';
import type { JsonSchema } from '../collect-routes.ts';
import type { AnswerHeader } from './answer-headers.ts';
import type { SecuritySchemeName } from './security.ts';

/** A request that works as it stands, but for what exampleValues names: those are put in their place. */
export interface ExampleRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What the OpenAPI document says of a route beside its schema. */
export interface OperationNotes {
  /** What generated clients call it: never changed once published. */
  readonly operationId: string;
  readonly request?: ExampleRequest;
  /** The body of its success, where it has one. Tests run the request and hold the answer against this one. */
  readonly answer?: unknown;
  /** Errors that its schema and access rule do not tell (problems.ts). */
  readonly problems?: readonly ErrorCode[];
  /** Parameters that its schema does not hold, since nothing that is sent there is refused: by their place. */
  readonly parameters?: Readonly<Partial<Record<ParameterPlace, Readonly<Record<string, JsonSchema>>>>>;
  /** Members of its body that its schema takes as they come, since they are checked later: what they should be. */
  readonly bodyMembers?: Readonly<Record<string, JsonSchema>>;
  /** People come there with a browser: errors are pages for who accepts `text/html`. */
  readonly hasPages?: true;
  /** Headers of its success that clients go by. */
  readonly answerHeaders?: readonly AnswerHeader[];
  /** Credentials of a public route; left out: none. An empty requirement: it does without. */
  readonly security?: readonly Readonly<Partial<Record<SecuritySchemeName, readonly string[]>>>[];
}

/** By method and path as they are registered: `GET /api/v1/usage/tags/:tag`. */
export type NotesByRoute = Readonly<Record<string, OperationNotes>>;

export type ParameterPlace = 'path' | 'query' | 'header';
