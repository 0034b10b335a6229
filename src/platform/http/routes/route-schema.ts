import type { ErrorDefinition } from '../../errors/define-errors.ts';

/** A JSON Schema as TypeBox builds it: plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A header of a successful answer that clients read. */
export interface AnswerHeader {
  readonly name: string;
  readonly description: string;
  /** The name of its component in the document. The default is `name`; a header of two meanings has two components. */
  readonly component?: string;
  /** Some answers of the operation do not have it. */
  readonly isOptional?: true;
}

export const locationHeader: AnswerHeader = {
  name: 'location',
  description: 'The path of the created resource',
};

/** Parameters that the route reads and never refuses. They are described, and not validated. */
export interface UnvalidatedParameters {
  readonly params?: Readonly<Record<string, JsonSchema>>;
  readonly querystring?: Readonly<Record<string, JsonSchema>>;
  readonly headers?: Readonly<Record<string, JsonSchema>>;
}

/** What a route's `schema` holds for the OpenAPI document, in addition to what Fastify and @fastify/swagger read. */
export interface DocumentedRoute {
  /** The errors of the route that do not follow from its schema and its access rule. */
  readonly errors?: readonly ErrorDefinition[];
  /** The headers of its success. */
  readonly answerHeaders?: readonly AnswerHeader[];
  readonly unvalidated?: UnvalidatedParameters;
  /** Errors are HTML pages for clients that accept `text/html`. */
  readonly hasErrorPages?: true;
}

/** The `schema` of a route as the OpenAPI document reads it. */
export interface RouteSchema extends DocumentedRoute {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  /** The credentials of a public route. An empty requirement makes them optional. */
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  /** The route is another way to call an operation that the document has. */
  readonly hide?: boolean;
  readonly params?: JsonSchema;
  readonly querystring?: JsonSchema;
  readonly headers?: JsonSchema;
  readonly body?: JsonSchema;
  readonly response?: Readonly<Record<string, JsonSchema>>;
}

declare module 'fastify' {
  interface FastifySchema extends DocumentedRoute {}
}
