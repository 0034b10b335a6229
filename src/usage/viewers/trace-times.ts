import { clockMarginMs, type ForgetRequest } from './forget-requests.ts';

export interface TraceConfig {
  /** Time for which a journal or a Kafka topic keeps an event after it is stored. */
  readonly keepMs: number;
  /** Minimum time between two runs that rewrite stored sessions. */
  readonly intervalMs: number;
}

/**
 * `waiting`: stored sessions can have the pseudonym. `replaced`: no stored session has it, and journals and Kafka topics
 * can. `gone`: no store has it.
 */
export type ForgetState = 'waiting' | 'replaced' | 'gone';

/** ClickHouse removes the files of rewritten parts 8 minutes later. */
const oldPartsMs = 15 * 60_000;

export function stateOf({ replacedAtMs, goneAtMs }: ForgetRequest): ForgetState {
  if (goneAtMs !== undefined) return 'gone';
  return replacedAtMs === undefined ? 'waiting' : 'replaced';
}

/**
 * Returns the time by which no store and no file contains the pseudonym. Before the state is `replaced`, the time assumes
 * that every session accepted before the request is stored at once. Pure.
 */
export function goneByMs(request: ForgetRequest, { keepMs, intervalMs }: TraceConfig): number {
  const { requestedAtMs, replacedAtMs, goneAtMs } = request;
  if (goneAtMs !== undefined) return goneAtMs + oldPartsMs;
  const replacedByMs = replacedAtMs ?? requestedAtMs + clockMarginMs + intervalMs;
  return replacedByMs + keepMs + intervalMs + oldPartsMs;
}
