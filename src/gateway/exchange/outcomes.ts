import { AppError } from '../../platform/errors/errors.ts';
import type { ConfigurationRef } from '../../tokens/opening/token-opener.ts';
import { type RefusalReason, RefusedToken } from './refused-token.ts';

/** A rejected token whose `kid` is the id of a known configuration. */
export type NotedRefusal = ConfigurationRef & { readonly reason: RefusalReason };

/** A client operation whose outcomes are counted: an exchange, or a counted page load. */
export type MeteredOperation = 'exchange' | 'page-load';

/** Records the outcomes of client operations for operators. Both methods return immediately and never throw. */
export interface Outcomes {
  /**
   * Counts an operation.
   * @param times number of occurrences (default: 1).
   */
  count(operation: MeteredOperation, outcome: string, times?: number): void;
  noteRefusal(refusal: NotedRefusal): void;
}

/** Counts a failed operation by reason, and records the refusal if the configuration is known. */
export function recordFailure(operation: MeteredOperation, error: unknown, outcomes: Outcomes): void {
  outcomes.count(operation, toOutcome(error));
  if (!(error instanceof RefusedToken) || error.configuration === undefined) return;
  const { configurationId, organisationId } = error.configuration;
  outcomes.noteRefusal({ configurationId, organisationId, reason: error.reason });
}

function toOutcome(error: unknown): string {
  if (error instanceof RefusedToken) return error.reason;
  return error instanceof AppError ? error.code : 'error';
}
