/** The client's record of every exchange. The store is checked against it. */

/** A token that is exchanged repeatedly. Each exchange creates a separate session. */
export interface TestToken {
  readonly index: number;
  readonly configurationId: string;
  readonly configurationName: string;
  /** The tags that must be counted: normalised and unique. */
  readonly tags: readonly string[];
  readonly webAccessToken: string;
}

export interface AnsweredExchange {
  readonly token: TestToken;
  /** The time of the response, in epoch milliseconds of the clock that the gateway uses. */
  readonly answeredMs: number;
}

export interface ExchangeLog {
  readonly tokens: readonly TestToken[];
  /** Exchanges that returned 200, by session id. Each must be stored exactly once. */
  readonly answered: Map<string, AnsweredExchange>;
  /** The number of exchanges whose connection broke, by token. Each may be stored at most once. */
  readonly unanswered: Map<TestToken, number>;
  /**
   * Exchanges with another status. They must not be stored, except that after a disk error each may be stored once.
   */
  readonly refused: { token: TestToken; status: number; retryAfter: string | undefined }[];
  /** The number of refused TCP connections, on which no request was sent. */
  notSent: number;
}

export function createExchangeLog(tokens: readonly TestToken[]): ExchangeLog {
  return { tokens, answered: new Map(), unanswered: new Map(), refused: [], notSent: 0 };
}

export function recordUnanswered(exchangeLog: ExchangeLog, token: TestToken): void {
  exchangeLog.unanswered.set(token, (exchangeLog.unanswered.get(token) ?? 0) + 1);
}

export function countUnanswered(exchangeLog: ExchangeLog): number {
  return [...exchangeLog.unanswered.values()].reduce((sum, count) => sum + count, 0);
}
