import { onTestFinished } from 'vitest';
import type { SessionDraft } from '../../../src/events/session-event.ts';
import { createDurableJournal, type DurableJournalConfig } from '../../../src/journal/log/durable-journal.ts';
import type { Accepted, Journal } from '../../../src/journal/log/journal.ts';
import { openRecordLog } from '../../../src/journal/log/store/lmdb-record-log.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { noFailpoints } from '../../../src/platform/failpoints.ts';
import { createLogger } from '../../../src/platform/logger.ts';
import { sessionDraft } from '../../support/arbitrary-events.ts';

const logger = createLogger({ logLevel: 'silent' });

/** Opens a journal on LMDB. Closes it after the test unless the test has closed it. */
export function openRealJournal(directory: string, config: Partial<DurableJournalConfig> = {}): Journal {
  const journal = createDurableJournal(
    { keepMs: 1e9, limitBytes: 1e9, ...config },
    { log: openRecordLog(directory), clock: systemClock, failpoint: noFailpoints, logger },
  );
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= journal.close();
    return closing;
  };
  onTestFinished(close);
  return { ...journal, close };
}

export interface Answers {
  readonly accepted: readonly (Accepted & SessionDraft)[];
  readonly refused: readonly { readonly session: SessionDraft; readonly error: unknown }[];
}

/** Appends `count` sessions concurrently. Returns the accepted and the rejected sessions. */
export async function appendMany(
  journal: Journal,
  count: number,
  draft: Partial<SessionDraft> = {},
): Promise<Answers> {
  const sessions = Array.from({ length: count }, () => sessionDraft(draft));
  const answers = await Promise.allSettled(sessions.map((session) => journal.append(session)));
  const accepted: (Accepted & SessionDraft)[] = [];
  const refused: { session: SessionDraft; error: unknown }[] = [];
  answers.forEach((answer, index) => {
    const session = sessions[index] as SessionDraft;
    if (answer.status === 'fulfilled') accepted.push({ ...session, ...answer.value });
    else refused.push({ session, error: answer.reason });
  });
  return { accepted, refused };
}

/** Returns the session ids in journal order. */
export function sessionIdsIn(journal: Journal): string[] {
  return journal.read(0, Number.MAX_SAFE_INTEGER).map(({ body }) => String(JSON.parse(body).id));
}
