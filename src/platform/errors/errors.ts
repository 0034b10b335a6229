import type { ErrorDefinition, ErrorKind } from './define-errors.ts';

/** One fault of an input: where it is and how to mend it. Never holds the value itself. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

export interface AppErrorOptions {
  /** What the caller can do about it. Never a URL, a token or a claim. */
  readonly detail?: string;
  readonly faults?: readonly Fault[];
  readonly retryAfterSeconds?: number;
  /** Further members of the problem document; never a URL, a token or a claim. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The one error base of watmeter, thrown with a definition of the domain that throws it. The code is stable and public.
 * The edge derives the HTTP status from the kind (platform/http/problems/problems.ts), so domains do not know HTTP.
 */
export class AppError extends Error {
  readonly definition: ErrorDefinition;
  readonly detail: string | undefined;
  readonly faults: readonly Fault[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly members: Readonly<Record<string, unknown>> | undefined;

  constructor(definition: ErrorDefinition, options: AppErrorOptions = {}) {
    super(options.detail ?? definition.title, { cause: options.cause });
    this.name = 'AppError';
    this.definition = definition;
    this.detail = options.detail;
    this.faults = options.faults;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.members = options.members;
  }

  get code(): string {
    return this.definition.code;
  }

  get kind(): ErrorKind {
    return this.definition.kind;
  }
}

/** Text of an unknown thrown value, for logs. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What went wrong and what caused it: for logs and the terminal only, since causes may name hosts. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof AppError) || error.cause === undefined) return messageOf(error);
  return `${error.definition.title}: ${messageOf(error.cause)}`;
}
