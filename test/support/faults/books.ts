/** What the client side knows of every exchange it asked for: the truth that the store is checked against. */

/** A token that is exchanged again and again; each exchange is a session of its own. */
export interface Ticket {
  readonly index: number;
  readonly configurationId: string;
  readonly configurationName: string;
  /** As they must be counted: normalised, without repetitions. */
  readonly tags: readonly string[];
  readonly webAccessToken: string;
}

export interface AnsweredExchange {
  readonly ticket: Ticket;
  /** When the answer was here; epoch milliseconds, of the same clock as the gateway's. */
  readonly answeredMs: number;
}

export interface Books {
  readonly tickets: readonly Ticket[];
  /** Exchanges answered 200, by session id: each must be stored exactly once. */
  readonly answered: Map<string, AnsweredExchange>;
  /** Sent, and the connection broke: each may be stored once, or not. */
  readonly unanswered: Map<Ticket, number>;
  /** Answered with another status: not stored, except after an error of the disk, when each may be stored once. */
  readonly refused: { ticket: Ticket; status: number; retryAfter: string | undefined }[];
  /** Connections that were refused: nothing was sent. */
  notSent: number;
}

export function createBooks(tickets: readonly Ticket[]): Books {
  return { tickets, answered: new Map(), unanswered: new Map(), refused: [], notSent: 0 };
}

export function noteUnanswered(books: Books, ticket: Ticket): void {
  books.unanswered.set(ticket, (books.unanswered.get(ticket) ?? 0) + 1);
}

export function countUnanswered(books: Books): number {
  return [...books.unanswered.values()].reduce((sum, count) => sum + count, 0);
}
