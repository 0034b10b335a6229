/** Category of an error. It determines the HTTP status (platform/http/problems/problems.ts). */
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
  | 'expectation'
  | 'meaning'
  | 'rate_limited'
  | 'headers_too_large'
  | 'internal'
  | 'unavailable';

/**
 * An error that clients can receive. Its code is part of the API and never changes. docs/reference/errors.md lists
 * all codes.
 */
export interface ErrorDefinition<Code extends string = string> {
  readonly code: Code;
  readonly kind: ErrorKind;
  readonly title: string;
  /**
   * Default advice for the caller, used if the thrown error has no text of its own. It depends only on the code, so
   * all 401 responses with the same code are identical byte for byte.
   */
  readonly detail?: string;
  /** JSON Schemas of additional members in the problem document of this error. */
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
