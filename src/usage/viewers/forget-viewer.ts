import { randomBytes } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import { uuidv7 } from '../../platform/crypto/uuid.ts';
import type { ForgetRequest } from './forget-requests.ts';

/** Number of entries about a viewer that were deleted from the control store. */
export interface DeletedEntries {
  readonly directoryEntries: number;
  readonly revocations: number;
  readonly storedClaims: number;
}

export interface ForgetViewerDeps {
  /** @throws AppError `organisation_not_found`, or `control_store_unavailable` until the key is loaded. */
  readonly pseudonymOf: (organisationId: string, subject: string) => Promise<string>;
  /**
   * Deletes the viewer's entries and adds the request, in one transaction.
   */
  readonly store: (
    request: Pick<ForgetRequest, 'id' | 'organisationId' | 'requestedAtMs'> & Pseudonyms,
    subject: string,
  ) => Promise<DeletedEntries>;
  readonly clock: Clock;
}

interface Pseudonyms {
  readonly viewer: string;
  readonly replacement: string;
}

export interface Forgotten {
  readonly request: ForgetRequest;
  readonly deleted: DeletedEntries;
}

/** Forgets a viewer. Resolves after the request is durable and the viewer's entries are deleted. */
export type ForgetViewer = (organisationId: string, subject: string) => Promise<Forgotten>;

/**
 * Creates the function that forgets viewers. It deletes the viewer's entries and stores the request. The replacement job
 * later replaces the pseudonym in sessions. A crash in between does not lose the request.
 */
export function createForgetViewer({ pseudonymOf, store, clock }: ForgetViewerDeps): ForgetViewer {
  return async (organisationId, subject) => {
    const viewer = await pseudonymOf(organisationId, subject);
    const replacement = randomBytes(16).toString('hex');
    const request = { id: uuidv7(), organisationId, requestedAtMs: clock.nowMs() };
    const deleted = await store({ ...request, viewer, replacement }, subject);
    const steps = { publishedAtMs: undefined, replacedAtMs: undefined, goneAtMs: undefined };
    return { request: { ...request, ...steps }, deleted };
  };
}
