import { clockMarginMs, type ForgetRequest } from './forget-requests.ts';

export interface TraceConfig {
  /** Time for which a journal or a Kafka topic keeps an event after it is stored. */
  readonly keepMs: number;
  /** Minimum time between two runs that rewrite stored sessions. */
  readonly intervalMs: number;
}

/**
 * `waiting`: stored sessions can contain the pseudonym. `replaced`: no stored session contains it, but journals and Kafka
 * topics can. `gone`: no store contains it.
 */
export type ForgetState = 'waiting' | 'replaced' | 'gone';

/** ClickHouse removes the files of rewritten parts after 8 minutes. This time includes a margin. */
const oldPartsMs = 15 * 60_000;

export function stateOf({ replacedAtMs, goneAtMs }: ForgetRequest): ForgetState {
  if (goneAtMs !== undefined) return 'gone';
  return replacedAtMs === undefined ? 'waiting' : 'replaced';
}

/**
 * Returns the time by which no store and no file contains the pseudonym. In the state `waiting`, it assumes that every
 * session that was accepted before the request is stored immediately. Pure.
 */
export function goneByMs(request: ForgetRequest, { keepMs, intervalMs }: TraceConfig): number {
  const { requestedAtMs, replacedAtMs, goneAtMs } = request;
  if (goneAtMs !== undefined) return goneAtMs + oldPartsMs;
  const replacedByMs = replacedAtMs ?? requestedAtMs + clockMarginMs + intervalMs;
  return replacedByMs + keepMs + intervalMs + oldPartsMs;
}
