import type { SessionDraft } from '../../events/session-event.ts';
import type { MeteredOperation, NotedRefusal } from '../../gateway/exchange/outcomes.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import type { WorkerProxyTarget } from '../../platform/http/worker-proxy.ts';
import type { Config } from '../config.ts';
import { errors } from '../declared.ts';

/**
 * A message from a gateway worker to the main process, over Node's parent-child channel, which preserves the order.
 * One message contains everything from one event loop turn, because each message wakes the main process.
 */
export interface FromWorker {
  /** Number of the first item in `appends`. The numbers of the others are consecutive. */
  readonly firstAppend: number;
  /** Sessions to append to the journal. */
  readonly appends: readonly SessionDraft[];
  /** Number of the first item in `refused`. The numbers of the others are consecutive. */
  readonly firstRefused: number;
  /** Client addresses of rejected requests. */
  readonly refused: readonly string[];
  readonly outcomes: readonly (readonly [operation: MeteredOperation, outcome: string, times: number])[];
  readonly refusals: readonly NotedRefusal[];
  /** Numbers of the `refresh` messages that the worker has processed. */
  readonly refreshed: readonly number[];
}

/** A message from the main process to a running gateway worker. */
export type FromMain =
  /** Numbers of appends that are durable. */
  | { readonly kind: 'appended'; readonly numbers: readonly number[] }
  | { readonly kind: 'not-appended'; readonly number: number; readonly error: SentError }
  | { readonly kind: 'limited'; readonly number: number; readonly retryAfterSeconds: number | undefined }
  /**
   * The control store has changed. The worker reads the store immediately and then returns this number in
   * `refreshed`.
   */
  | { readonly kind: 'refresh'; readonly number: number }
  /** The worker accepts no more connections, completes open requests and exits. */
  | { readonly kind: 'stop' };

/**
 * The first message to a worker: its settings, and the address of the main process. The worker forwards requests to
 * this address if they are not for the gateway.
 */
export interface StartWorker {
  readonly kind: 'start';
  readonly config: Config;
  readonly proxyTarget: WorkerProxyTarget;
}

/**
 * Messages of a starting worker. The first one says that the worker receives messages, the second one contains its
 * URL or why the start failed.
 */
export type FromStart =
  | { readonly kind: 'ready-for-messages' }
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** An error that one process sends to another. It has no cause, because the sender has logged the cause. */
export interface SentError {
  readonly code: string;
  readonly detail?: string;
  readonly retryAfterSeconds?: number;
}

/** Converts an error for sending to another process. An unexpected error becomes `internal_error`. */
export function toSentError(error: unknown): SentError {
  if (!(error instanceof AppError)) return { code: platformErrors.internal_error.code };
  const { code, detail, retryAfterSeconds } = error;
  return {
    code,
    ...(detail !== undefined && { detail }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

/** Converts a received error back to an AppError. */
export function fromSentError({ code, ...options }: SentError): AppError {
  return new AppError(errors[code] ?? platformErrors.internal_error, options);
}
