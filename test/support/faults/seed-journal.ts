import { createHash } from 'node:crypto';
import { pino } from 'pino';
import { defaultOrganisationId } from '../../../src/access/organisations/organisations.ts';
import { dataPaths } from '../../../src/app/data-paths.ts';
import { createDurableJournal } from '../../../src/journal/log/durable-journal.ts';
import { endOfLog } from '../../../src/journal/log/entries.ts';
import { encodeRecord, type RecordedEvent } from '../../../src/journal/log/record.ts';
import { openRecordLog } from '../../../src/journal/log/store/lmdb-record-log.ts';
import { uuidv7 } from '../../../src/platform/crypto/uuid.ts';
import { noFailpoints } from '../../../src/platform/failpoints.ts';
import type { ExchangeLog, TestToken } from './exchange-log.ts';

/** A number of sessions that have the same acceptance time. */
export interface SeededSessions {
  readonly timeMs: number;
  readonly sessions: number;
}

const journalConfig = { keepMs: 86_400_000, limitBytes: 2 ** 30 };

/**
 * Appends events to the journal of a stopped instance, as a gateway with a different clock would, and records these
 * events as acknowledged. Each call represents a separate producer.
 */
export async function seedJournal(
  dataDir: string,
  exchangeLog: ExchangeLog,
  batches: readonly SeededSessions[],
): Promise<void> {
  let nowMs = 0;
  const journal = createDurableJournal(journalConfig, {
    log: openRecordLog(dataPaths(dataDir).journal),
    clock: { nowMs: () => nowMs },
    failpoint: noFailpoints,
    logger: pino({ enabled: false }),
  });
  for (const { timeMs, sessions } of batches) {
    nowMs = timeMs;
    const drafts = Array.from({ length: sessions }, (_, index) => draftOf(exchangeLog.tokens, index));
    await Promise.all(drafts.map(({ session }) => journal.append(session)));
    for (const { session, token } of drafts)
      exchangeLog.answered.set(session.sessionId, { token, answeredMs: timeMs });
  }
  await journal.close();
}

function draftOf(tokens: readonly TestToken[], index: number) {
  const token = tokens[index % tokens.length];
  if (token === undefined) throw new Error('there are no tokens');
  const { configurationId, tags } = token;
  const viewer = createHash('sha256').update(`seeded viewer ${token.index}`).digest('hex').slice(0, 32);
  const session = {
    sessionId: uuidv7(),
    organisationId: defaultOrganisationId,
    configurationId,
    tags,
    viewer,
  };
  return { token, session };
}

/** Adds unreadable entries, each in its own record, to the journal of a stopped instance. */
export async function seedUnreadable(dataDir: string, producer: string, count: number): Promise<void> {
  const log = openRecordLog(dataPaths(dataDir).journal);
  for (let sequence = 1; sequence <= count; sequence += 1) {
    const event: RecordedEvent = {
      partition: 0,
      sequence,
      timeMs: Date.now(),
      body: `no event ${sequence} {`,
    };
    await log.commit({
      put: { position: endOfLog(log), record: encodeRecord({ producer, events: [event] }) },
    });
  }
  await log.close();
}
