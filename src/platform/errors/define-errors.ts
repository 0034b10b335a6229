/** Category of an error. platform/http/problems/problems.ts maps it to an HTTP status. */
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

/**
 * An error that clients can receive. Its code is a public contract. docs/reference/errors.md lists all codes.
 */
export interface ErrorDefinition<Code extends string = string> {
  readonly code: Code;
  readonly kind: ErrorKind;
  readonly title: string;
  /**
   * Default advice for the caller, for errors without a more specific text. It depends only on the code, so
   * all 401 responses with one code are identical byte for byte.
   */
  readonly detail?: string;
  /** JSON Schemas for additional members of its problem document. */
  readonly members?: Readonly<Record<string, object>>;
  /** Scheme of the WWW-Authenticate header, for errors with status 401. */
  readonly challenge?: string;
}

export type ErrorTable = Readonly<Record<string, ErrorDefinition>>;

/** Defines the errors of a domain, keyed by code. */
export function defineErrors<Code extends string>(
  table: Readonly<Record<Code, Omit<ErrorDefinition, 'code'>>>,
): { readonly [C in Code]: ErrorDefinition<C> } {
  const entries = Object.entries<Omit<ErrorDefinition, 'code'>>(table);
  return Object.fromEntries(entries.map(([code, rest]) => [code, { code, ...rest }])) as {
    readonly [C in Code]: ErrorDefinition<C>;
  };
}
