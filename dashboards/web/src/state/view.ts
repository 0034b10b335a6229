import type { Snapshot } from '../api/usage.ts';
import type { Query } from './query.ts';

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** A temporary failure of the server or the network. */
  | { readonly kind: 'retrying'; readonly reason: string; readonly retryAt: number }
  /** The server rejects the query, so a retry does not help. */
  | { readonly kind: 'refused'; readonly detail: string };

/** The state from which all parts of the page are drawn. */
export interface View {
  readonly now: number;
  readonly query: Query;
  /** The latest answer. After a change of the query it is that of the previous query until the new one arrives. */
  readonly snapshot: Snapshot | undefined;
  /** Whether the snapshot has the same query as the previous one, so that a difference means new sessions. */
  readonly live: boolean;
  readonly connection: Connection;
}

/** A part of the page. */
export interface Part {
  readonly element: HTMLElement;
  readonly update: (view: View) => void;
}
