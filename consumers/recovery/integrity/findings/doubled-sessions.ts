import { type DoubledSession, limitPerKind, type OnProgress } from '../model/report.ts';
import type { IntegrityStore, StreamMonth } from '../store/integrity-store.ts';
import { monthsIn } from '../streams/streams.ts';

/**
 * Finds sessions with several event identities. A session with rows in two months is found in both and listed
 * once.
 */
export async function findDoubledSessions(
  lines: readonly StreamMonth[],
  store: Pick<IntegrityStore, 'doubledSessions'>,
  onProgress: OnProgress,
): Promise<DoubledSession[]> {
  const sessions = new Map<string, DoubledSession>();
  for (const month of monthsIn(lines)) {
    onProgress(`looking for sessions with several events in ${month}`);
    const rows = lines.filter((line) => line.month === month).reduce((sum, line) => sum + line.rows, 0);
    for (const session of await store.doubledSessions(month, rows, limitPerKind))
      sessions.set(JSON.stringify(session), session);
  }
  return [...sessions.values()];
}
