import { AppError } from '../../platform/errors/errors.ts';
import type { ConfigurationRef } from '../../tokens/opening/token-opener.ts';
import { type RefusalReason, RefusedToken } from './refused-token.ts';

/** A refused token that names a configuration of ours. */
export type NotedRefusal = ConfigurationRef & { readonly reason: RefusalReason };

/** What clients have asked for: an exchange, or a page load that counts. */
export type Asked = 'exchange' | 'page-load';

/** Told of what became of requests, for those who operate. Both return at once and never fail. */
export interface Outcomes {
  /** @param times how often; once where it is left out. */
  count(asked: Asked, outcome: string, times?: number): void;
  noteRefusal(refusal: NotedRefusal): void;
}

/** Counts why something was not done, and notes of which configuration it was. */
export function noteFailure(asked: Asked, error: unknown, outcomes: Outcomes): void {
  outcomes.count(asked, outcomeOf(error));
  if (!(error instanceof RefusedToken) || error.of === undefined) return;
  const { configurationId, organisationId } = error.of;
  outcomes.noteRefusal({ configurationId, organisationId, reason: error.reason });
}

function outcomeOf(error: unknown): string {
  if (error instanceof RefusedToken) return error.reason;
  return error instanceof AppError ? error.code : 'error';
}
