import { computed, signal } from '@preact/signals';
import { type ApiError, isTemporary } from '../api/errors.ts';

export type Connection =
  | { readonly kind: 'live' }
  /** A temporary failure of the server or the network. */
  | { readonly kind: 'retrying'; readonly reason: string; readonly retryAt: number };

interface Failure {
  readonly error: ApiError;
  readonly retryAt: number;
}

const failures = signal<ReadonlyMap<symbol, Failure>>(new Map());

/** State of the connection over all queries of the page: the failure with the earliest retry, or `live`. */
export const connection = computed<Connection>(() => {
  const [first] = [...failures.value.values()].toSorted((left, right) => left.retryAt - right.retryAt);
  if (!first) return { kind: 'live' };
  return { kind: 'retrying', reason: reasonOf(first.error), retryAt: first.retryAt };
});

/** Records the latest outcome of a query. A permanent failure is shown by its card only. */
export function report(query: symbol, failure: Failure | undefined): void {
  const next = new Map(failures.peek());
  next.delete(query);
  if (failure && isTemporary(failure.error)) next.set(query, failure);
  if (next.size > 0 || failures.peek().size > 0) failures.value = next;
}

/** Runs when a request finds that the session has ended. The application sets it. */
export const sessionEnd: { notify: () => void } = { notify: () => undefined };

function reasonOf({ status }: ApiError): string {
  if (status === 0) return 'Connection lost';
  if (status === 429) return 'Too many requests';
  return 'Usage is not available';
}
