// The types in this file record every exchange of the client. The audit compares the store with these records.

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
  /** The time of the response in epoch milliseconds, by the clock that the gateway uses. */
  readonly answeredMs: number;
}

export interface ExchangeLog {
  readonly tokens: readonly TestToken[];
  /** Exchanges that returned 200, by session id. The store must contain each of these sessions exactly once. */
  readonly answered: Map<string, AnsweredExchange>;
  /** The number of exchanges whose connection broke, by token. The store may contain each of these exchanges once. */
  readonly unanswered: Map<TestToken, number>;
  /**
   * Exchanges with another status. The store must not contain them, unless a disk error occurred: it may then contain
   * each of them once.
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
