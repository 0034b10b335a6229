import type { ErrorDefinition } from '../../errors/define-errors.ts';

/** A JSON Schema as plain data, as TypeBox builds it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A header of a success response that clients may read. */
export interface AnswerHeader {
  readonly name: string;
  readonly description: string;
  /**
   * Name of the header's component in the document. Default: `name`. If a header has two meanings, it needs two
   * components.
   */
  readonly component?: string;
  /** True if not every response of the operation has the header. */
  readonly isOptional?: true;
}

export const locationHeader: AnswerHeader = {
  name: 'location',
  description: 'The path of the created resource',
};

/** Parameters that the document describes, but the route does not validate. */
export interface UnvalidatedParameters {
  readonly params?: Readonly<Record<string, JsonSchema>>;
  readonly querystring?: Readonly<Record<string, JsonSchema>>;
  readonly headers?: Readonly<Record<string, JsonSchema>>;
}

/**
 * Members of a route's `schema` that only the OpenAPI document uses, in addition to the members that @fastify/swagger
 * defines.
 */
export interface DocumentedRoute {
  /** Errors of the route that do not follow from its schema and its access rule. */
  readonly errors?: readonly ErrorDefinition[];
  /** Headers of the success responses. */
  readonly answerHeaders?: readonly AnswerHeader[];
  readonly unvalidated?: UnvalidatedParameters;
  /** True if clients that accept `text/html` receive errors as HTML pages. */
  readonly hasErrorPages?: true;
}

/** The `schema` of a route, as far as the OpenAPI document uses it. */
export interface RouteSchema extends DocumentedRoute {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  /** Credentials that a public route accepts. An empty object in the list makes credentials optional. */
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  /** True if the document does not contain the route, because the route is another path of a documented operation. */
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
