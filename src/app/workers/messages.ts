import type { SessionDraft } from '../../events/session-event.ts';
import type { MeteredOperation, NotedRefusal } from '../../gateway/exchange/outcomes.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import type { WorkerProxyTarget } from '../../platform/http/worker-proxy.ts';
import type { Config } from '../config.ts';
import { errors } from '../declared.ts';

/**
 * A message from a gateway worker to the main process, over Node's channel between parent and child, which keeps the
 * order. One message has everything of one turn of the event loop, because each message wakes the other process.
 */
export interface FromWorker {
  /** The number of the first entry of `appends`. The others follow in order. */
  readonly firstAppend: number;
  /** The sessions to append to the journal. */
  readonly appends: readonly SessionDraft[];
  /** The number of the first entry of `refused`. The others follow in order. */
  readonly firstRefused: number;
  /** The addresses of refused requests. */
  readonly refused: readonly string[];
  readonly outcomes: readonly (readonly [operation: MeteredOperation, outcome: string, times: number])[];
  readonly refusals: readonly NotedRefusal[];
  /** The numbers of the `refresh` messages that the worker has carried out. */
  readonly refreshed: readonly number[];
}

/** A message from the main process to a gateway worker that has started. */
export type FromMain =
  /** The numbers of durable appends. */
  | { readonly kind: 'appended'; readonly numbers: readonly number[] }
  | { readonly kind: 'not-appended'; readonly number: number; readonly error: SentError }
  | { readonly kind: 'limited'; readonly number: number; readonly retryAfterSeconds: number | undefined }
  /** The control store has changed: the worker reads it at once, and reports the number in `refreshed`. */
  | { readonly kind: 'refresh'; readonly number: number }
  /** The worker accepts no more connections, answers open requests and ends. */
  | { readonly kind: 'stop' };

/** The first message to a worker: its settings, and the address to which it passes requests of other domains. */
export interface StartWorker {
  readonly kind: 'start';
  readonly config: Config;
  readonly proxyTarget: WorkerProxyTarget;
}

/** A worker's messages about its start: it receives messages; then its URL, or the reason of its failure. */
export type FromStart =
  | { readonly kind: 'ready-for-messages' }
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** An error in the form that is sent to another process. The sender has logged its cause. */
export interface SentError {
  readonly code: string;
  readonly detail?: string;
  readonly retryAfterSeconds?: number;
}

/** Returns an error as it is sent to another process. An unexpected error becomes `internal_error`. */
export function toSentError(error: unknown): SentError {
  if (!(error instanceof AppError)) return { code: platformErrors.internal_error.code };
  const { code, detail, retryAfterSeconds } = error;
  return {
    code,
    ...(detail !== undefined && { detail }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

/** Returns the error that another process has sent. */
export function fromSentError({ code, ...options }: SentError): AppError {
  return new AppError(errors[code] ?? platformErrors.internal_error, options);
}
