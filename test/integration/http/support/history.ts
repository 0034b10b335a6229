import { pino } from 'pino';
import { dataPaths } from '../../../../src/app/data-paths.ts';
import { createDurableJournal } from '../../../../src/journal/log/durable-journal.ts';
import { openRecordLog } from '../../../../src/journal/log/lmdb-record-log.ts';
import { noFailpoints } from '../../../../src/platform/failpoints.ts';
import { sessionDraft } from '../../../support/arbitrary-events.ts';

/** A session in the past. */
export interface PastSession {
  readonly timeMs: number;
  readonly configurationId: string;
  readonly tags: readonly string[];
}

/**
 * Writes sessions into the journal of a data directory as if a gateway had accepted them at their times. No process
 * may use the directory. A process that starts on it later stores the sessions.
 */
export async function writeHistory(dataDir: string, sessions: readonly PastSession[]): Promise<void> {
  let nowMs = 0;
  const journal = createDurableJournal(
    { keepMs: 86_400_000, limitBytes: 2 ** 30 },
    {
      log: openRecordLog(dataPaths(dataDir).journal),
      clock: { nowMs: () => nowMs },
      failpoint: noFailpoints,
      logger: pino({ enabled: false }),
    },
  );
  const ascending = sessions.toSorted((left, right) => left.timeMs - right.timeMs);
  for (const { timeMs, configurationId, tags } of ascending) {
    nowMs = timeMs;
    await journal.append(sessionDraft({ configurationId, tags: [...tags] }));
  }
  await journal.close();
}
