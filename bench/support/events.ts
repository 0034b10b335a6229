import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { SessionDraft } from '../../src/events/session-event.ts';
import { createDurableJournal } from '../../src/journal/log/durable-journal.ts';
import type { Accepted } from '../../src/journal/log/journal.ts';
import { openRecordLog } from '../../src/journal/log/store/lmdb-record-log.ts';
import { uuidv7 } from '../../src/platform/crypto/uuid.ts';
import { noFailpoints } from '../../src/platform/failpoints.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { tagsOf } from '../load/mint.ts';

const configurations = 200;
const viewers = 5000;
const eventsPerCommit = 250;

/** Creates a generator of pseudorandom numbers, which are the same in every run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Creates a generator of sessions. They belong to 200 configurations, a few of which are popular. Each configuration
 * uses four of 80 tag sets.
 */
export function createDrafts(seed = 1): () => SessionDraft {
  const random = createRandom(seed);
  const viewerOf = Array.from({ length: viewers }, (_, index) =>
    createHash('sha256').update(`viewer ${index}`).digest('hex').slice(0, 32),
  );
  return () => {
    const configuration = Math.floor(configurations * random() ** 3);
    return {
      sessionId: uuidv7(),
      configurationId: (0x65f0c0ffee + configuration).toString(16).padStart(24, '0'),
      organisationId: 'default',
      tags: tagsOf(configuration * 4 + Math.floor(4 * random() ** 2)),
      viewer: viewerOf[Math.floor(viewers * random())] ?? '',
    };
  };
}

export interface JournalPlan {
  readonly directory: string;
  readonly count: number;
  /** Length of the period over which the event times are spread. The period ends now. */
  readonly spanMs: number;
  /** File to which the rows are written, one JSON object per line. Undefined: no file. */
  readonly rowsFile?: string;
  /** Number of partitions of the Kafka topic. Undefined in embedded mode. */
  readonly partitions?: number;
}

/**
 * Fills a journal with events, using the journal's own code. The result is the same as if a gateway had accepted the
 * events while no sink or relay was running.
 */
export async function fillJournal(plan: JournalPlan): Promise<void> {
  const { directory, count, spanMs, rowsFile, partitions } = plan;
  const startMs = Date.now() - spanMs;
  let filled = 0;
  const journal = createDurableJournal(
    { keepMs: 365 * 86_400_000, limitBytes: 2 ** 40 },
    {
      log: openRecordLog(directory),
      clock: { nowMs: () => Math.floor(startMs + (spanMs * filled) / count) },
      failpoint: noFailpoints,
      logger: createLogger({ logLevel: 'silent' }),
      ...(partitions !== undefined && { partitions: () => partitions }),
    },
  );
  const rows = rowsFile === undefined ? undefined : createWriteStream(rowsFile);
  const nextDraft = createDrafts();
  while (filled < count) {
    const drafts = Array.from({ length: Math.min(eventsPerCommit, count - filled) }, nextDraft);
    const accepted = await Promise.all(drafts.map((draft) => journal.append(draft)));
    drafts.forEach((draft, index) => {
      rows?.write(`${rowOf(draft, accepted[index] as Accepted)}\n`);
    });
    filled += drafts.length;
  }
  await journal.close();
  if (rows !== undefined) await finished(rows.end());
}

function rowOf(draft: SessionDraft, { producer, partition, sequence, timeMs }: Accepted): string {
  return JSON.stringify({
    organisation_id: draft.organisationId,
    configuration_id: draft.configurationId,
    session_id: draft.sessionId,
    time: new Date(timeMs).toISOString().slice(0, 23).replace('T', ' '),
    tags: draft.tags,
    viewer: draft.viewer,
    producer,
    partition,
    sequence,
  });
}
