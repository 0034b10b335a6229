import type { ErrorDefinition, ErrorKind } from './define-errors.ts';

/**
 * A validation error: the path of the invalid value, and a message that says how to fix it. It never contains the
 * value itself.
 */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

export interface AppErrorOptions {
  /** Advice for the caller. It contains no URL, token or claim. */
  readonly detail?: string;
  readonly faults?: readonly Fault[];
  readonly retryAfterSeconds?: number;
  /** Additional members of the problem document. They contain no URL, token or claim. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * Base class of errors for clients. Each error has a definition, from the domain that throws it, with a code that
 * never changes. platform/http/problems/problems.ts derives the HTTP status from the kind of the definition, so
 * domains do not depend on HTTP.
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

/** Returns the message of a thrown value of any type, for logs. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Returns the title of an error with its cause. Use it only for logs and the terminal, because a cause may contain
 * host names.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof AppError) || error.cause === undefined) return messageOf(error);
  return `${error.definition.title}: ${messageOf(error.cause)}`;
}
