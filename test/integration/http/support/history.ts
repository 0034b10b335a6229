import { pino } from 'pino';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { dataPaths } from '../../../../src/app/data-paths.ts';
import { createDurableJournal } from '../../../../src/journal/log/durable-journal.ts';
import { openRecordLog } from '../../../../src/journal/log/store/lmdb-record-log.ts';
import { noFailpoints } from '../../../../src/platform/failpoints.ts';
import { call } from '../../../support/api.ts';
import { type AppProcess, startAppProcess } from '../../../support/app-process.ts';
import { sessionDraft } from '../../../support/arbitrary-events.ts';
import { createTemporaryDirectory } from '../../../support/temporary-directory.ts';

/** A session in the past. */
export interface PastSession {
  readonly timeMs: number;
  readonly configurationId: string;
  readonly tags: readonly string[];
  /** The pseudonym of the viewer. By default, all sessions have the same viewer. */
  readonly viewer?: string;
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
  for (const { timeMs, configurationId, tags, viewer } of ascending) {
    nowMs = timeMs;
    await journal.append(
      sessionDraft({ configurationId, tags: [...tags], ...(viewer !== undefined && { viewer }) }),
    );
  }
  await journal.close();
}

/**
 * Starts a process that has stored these sessions before the tests of a file. After the tests, stops the process and
 * removes its data.
 */
export function useHistory(
  sessions: readonly PastSession[],
  env: Readonly<Record<string, string>> = {},
): () => AppProcess {
  const directory = createTemporaryDirectory('history');
  let app: AppProcess | undefined;
  beforeAll(async () => {
    await writeHistory(directory.path, sessions);
    const started = await startAppProcess({ dataDir: directory.path, env: { SINK_LINGER: '20ms', ...env } });
    app = started;
    const total = async () => (await call(started.url, 'GET', '/api/v1/usage/summary')).body['total'];
    await vi.waitFor(async () => expect(await total()).toBe(sessions.length), {
      timeout: 60_000,
      interval: 200,
    });
  }, 120_000);
  afterAll(async () => {
    await app?.stop();
    directory.remove();
  });
  return () => {
    if (app === undefined) throw new Error('the process runs only inside a test');
    return app;
  };
}
