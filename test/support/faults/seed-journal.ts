import { createHash } from 'node:crypto';
import { pino } from 'pino';
import { defaultOrganisationId } from '../../../src/access/organisations/organisations.ts';
import { dataPaths } from '../../../src/app/data-paths.ts';
import { createDurableJournal } from '../../../src/journal/log/durable-journal.ts';
import { endOfLog } from '../../../src/journal/log/entries.ts';
import { openRecordLog } from '../../../src/journal/log/lmdb-record-log.ts';
import { encodeRecord, type RecordedEvent } from '../../../src/journal/log/record.ts';
import { uuidv7 } from '../../../src/platform/crypto/uuid.ts';
import { noFailpoints } from '../../../src/platform/failpoints.ts';
import type { Books, Ticket } from './books.ts';

/** Sessions of one ticket each, all accepted at one instant. */
export interface Stretch {
  readonly timeMs: number;
  readonly sessions: number;
}

const journalConfig = { keepMs: 86_400_000, limitBytes: 2 ** 30 };

/**
 * Puts events into the journal of a stopped instance, as a gateway with another clock would have, and notes them
 * as answered: each call is a producer of its own.
 */
export async function seedJournal(
  dataDir: string,
  books: Books,
  stretches: readonly Stretch[],
): Promise<void> {
  let nowMs = 0;
  const journal = createDurableJournal(journalConfig, {
    log: openRecordLog(dataPaths(dataDir).journal),
    clock: { nowMs: () => nowMs },
    failpoint: noFailpoints,
    logger: pino({ enabled: false }),
  });
  for (const { timeMs, sessions } of stretches) {
    nowMs = timeMs;
    const drafts = Array.from({ length: sessions }, (_, index) => draftOf(books.tickets, index));
    await Promise.all(drafts.map(({ session }) => journal.append(session)));
    for (const { session, ticket } of drafts)
      books.answered.set(session.sessionId, { ticket, answeredMs: timeMs });
  }
  await journal.close();
}

function draftOf(tickets: readonly Ticket[], index: number) {
  const ticket = tickets[index % tickets.length];
  if (ticket === undefined) throw new Error('there are no tickets');
  const { configurationId, tags } = ticket;
  const viewer = createHash('sha256').update(`seeded viewer ${ticket.index}`).digest('hex').slice(0, 32);
  const session = {
    sessionId: uuidv7(),
    organisationId: defaultOrganisationId,
    configurationId,
    tags,
    viewer,
  };
  return { ticket, session };
}

/** Adds records that nobody can read, each in a record of its own, to the journal of a stopped instance. */
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
