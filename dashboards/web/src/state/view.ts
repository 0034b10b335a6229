import type { Snapshot } from '../api/usage.ts';
import type { Query } from './query.ts';

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** A temporary failure of the server or the network. */
  | { readonly kind: 'retrying'; readonly reason: string; readonly retryAt: number }
  /** The server rejects the query, so a retry does not help. */
  | { readonly kind: 'refused'; readonly detail: string };

/** State from which all parts of the page are drawn. */
export interface View {
  readonly now: number;
  readonly query: Query;
  /**
   * Latest data. After a change of the query, it belongs to the previous query until the new data arrives.
   */
  readonly snapshot: Snapshot | undefined;
  /** Whether the snapshot has the same query as the previous one. A difference then means new sessions. */
  readonly live: boolean;
  readonly connection: Connection;
}

/** A part of the page. */
export interface Part {
  readonly element: HTMLElement;
  readonly update: (view: View) => void;
}
