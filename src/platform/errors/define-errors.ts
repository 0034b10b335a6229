/** What an error is to its caller. The edge turns it into an HTTP status (platform/http/problems/problems.ts). */
export type ErrorKind =
  | 'syntax'
  | 'unauthenticated'
  | 'refused'
  | 'forbidden'
  | 'not_found'
  | 'method'
  | 'timeout'
  | 'conflict'
  | 'gone'
  | 'too_large'
  | 'uri_too_long'
  | 'media_type'
  | 'meaning'
  | 'rate_limited'
  | 'headers_too_large'
  | 'internal'
  | 'unavailable';

/** A kind of error that a client can meet. Its code is a public contract; docs/reference/errors.md lists all of them. */
export interface ErrorDefinition<Code extends string = string> {
  readonly code: Code;
  readonly kind: ErrorKind;
  readonly title: string;
  /**
   * What the caller can do about it, where the place that throws it gives no better text. It depends on the code alone,
   * so that all refusals of one code are the same byte for byte.
   */
  readonly detail?: string;
  /** The JSON Schemas of further members of its problem document. */
  readonly members?: Readonly<Record<string, object>>;
  /** The scheme of the WWW-Authenticate header, for errors that answer 401. */
  readonly challenge?: string;
}

export type ErrorTable = Readonly<Record<string, ErrorDefinition>>;

/** Returns the error definitions of a domain, each under its code. */
export function defineErrors<Code extends string>(
  table: Readonly<Record<Code, Omit<ErrorDefinition, 'code'>>>,
): { readonly [C in Code]: ErrorDefinition<C> } {
  const entries = Object.entries<Omit<ErrorDefinition, 'code'>>(table);
  return Object.fromEntries(entries.map(([code, rest]) => [code, { code, ...rest }])) as {
    readonly [C in Code]: ErrorDefinition<C>;
  };
}
