import type { SessionDraft } from '../../events/session-event.ts';
import type { MeteredOperation, NotedRefusal } from '../../gateway/exchange/outcomes.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import type { HandOverTarget } from '../../platform/http/worker-proxy.ts';
import type { Config } from '../config.ts';
import { errors } from '../declared.ts';

/**
 * What the main process and a gateway worker say to each other, in order, over the channel that Node keeps between
 * a process and its child. A message gathers what has come up in a turn of the event loop: each one wakes the other
 * process.
 */
export interface FromWorker {
  /** Sessions to be counted; they are numbered on from `firstAppend`. */
  readonly firstAppend: number;
  readonly appends: readonly SessionDraft[];
  /** Addresses that were refused; numbered on from `firstRefused`. */
  readonly firstRefused: number;
  readonly refused: readonly string[];
  readonly outcomes: readonly (readonly [operation: MeteredOperation, outcome: string, times: number])[];
  readonly refusals: readonly NotedRefusal[];
  /** Looks at the control store that have been taken (`FromMain.look`). */
  readonly looked: readonly number[];
}

export type FromMain =
  /** Appends that are durable. */
  | { readonly kind: 'appended'; readonly numbers: readonly number[] }
  | { readonly kind: 'not-appended'; readonly number: number; readonly error: SentError }
  | { readonly kind: 'limited'; readonly number: number; readonly retryAfterSeconds: number | undefined }
  /** Something has changed in the control store: look at once, and say when that is done. */
  | { readonly kind: 'look'; readonly number: number }
  /** Take no more connections, answer what is under way, and end. */
  | { readonly kind: 'stop' };

/** The first that a worker is told: what to serve, and where to hand over what is not the gateway's. */
export interface StartWorker {
  readonly kind: 'start';
  readonly config: Config;
  readonly handOverTo: HandOverTarget;
}

/** What a worker tells of itself: that it hears; then where it listens, or why it does not. */
export type FromStart =
  | { readonly kind: 'hears' }
  | { readonly kind: 'listens'; readonly url: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** An error on its way to another process. Its cause was logged where it happened. */
export interface SentError {
  readonly code: string;
  readonly detail?: string;
  readonly retryAfterSeconds?: number;
}

export function toSentError(error: unknown): SentError {
  if (!(error instanceof AppError)) return { code: platformErrors.internal_error.code };
  const { code, detail, retryAfterSeconds } = error;
  return {
    code,
    ...(detail !== undefined && { detail }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

export function fromSentError({ code, ...options }: SentError): AppError {
  return new AppError(errors[code] ?? platformErrors.internal_error, options);
}
