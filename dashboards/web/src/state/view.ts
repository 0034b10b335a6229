import type { Snapshot } from '../api/usage.ts';
import type { Query } from './query.ts';

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** It will pass: the server or the way to it is out of order. */
  | { readonly kind: 'retrying'; readonly reason: string; readonly retryAt: number }
  /** It will not pass by itself: the server does not take the question. */
  | { readonly kind: 'refused'; readonly detail: string };

/** All that the parts of the page are drawn from. */
export interface View {
  readonly now: number;
  readonly query: Query;
  /** The latest answer; after a new question still the one before, until its own arrives. */
  readonly snapshot: Snapshot | undefined;
  /** The snapshot answers the same question as the one drawn before: what changed, changed just now. */
  readonly live: boolean;
  readonly connection: Connection;
}

export interface Part {
  readonly element: HTMLElement;
  readonly update: (view: View) => void;
}
