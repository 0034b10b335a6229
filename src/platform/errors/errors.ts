import { type ErrorCode, type ErrorKind, errorCodes } from './error-codes.ts';

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
 * The one error base of watmeter. The code is stable and public; the HTTP status is decided at the edge from
 * the code's kind (platform/http/problems.ts), so the domains know nothing of HTTP.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly faults: readonly Fault[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly members: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(options.detail ?? errorCodes[code].title, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.detail = options.detail;
    this.faults = options.faults;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.members = options.members;
  }

  get kind(): ErrorKind {
    return errorCodes[this.code].kind;
  }
}

/** Text of an unknown thrown value, for logs. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What went wrong and what caused it: for logs and the terminal only, since causes may name hosts. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof AppError) || error.cause === undefined) return messageOf(error);
  return `${errorCodes[error.code].title}: ${messageOf(error.cause)}`;
}
