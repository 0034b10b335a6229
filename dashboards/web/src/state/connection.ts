import type { ApiError } from '../api/http.ts';
import type { Connection } from './view.ts';

const TEMPORARY_STATUSES = new Set([408, 425, 429]);

/** Returns the connection state after a failed request. */
export function connectionAfter(error: ApiError, retryAt: number): Connection {
  const { status } = error;
  if (status >= 400 && status < 500 && !TEMPORARY_STATUSES.has(status))
    return { kind: 'refused', detail: error.message };
  return { kind: 'retrying', reason: reasonOf(status), retryAt };
}

function reasonOf(status: number): string {
  if (status === 0) return 'Connection lost';
  if (status === 429) return 'Too many requests';
  return 'Usage is not available';
}
