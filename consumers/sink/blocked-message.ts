import type { Signal } from '../../src/platform/background/signal.ts';
import { createLimitedLog } from '../../src/platform/limited-log.ts';
import type { Logger } from '../../src/platform/logger.ts';
import type { DeadLetter } from '../dead-letter/dead-letter.ts';
import type { ConsumerMetrics } from '../declarations/metrics.ts';
import type { Source } from '../sources/source.ts';
import type { EventStore } from '../store/event-store.ts';
import { producerStateOf, recordSequence, type StreamState } from '../store/stream-state.ts';

/** A message of a newer version that pauses a partition. */
export interface BlockedMessage {
  readonly type: string;
  /** The dead letter that an operator stores to skip the message. */
  readonly letter: DeadLetter;
}

export interface BlockedMessageDeps {
  readonly source: Source;
  readonly store: Pick<EventStore, 'partition' | 'hasDeadLetter'>;
  readonly logger: Logger;
  readonly metrics: Pick<ConsumerMetrics, 'blockedMessages'>;
  readonly wakeup: Signal;
  readonly isStopping: () => boolean;
  /** Called with the reason for the pause. */
  readonly onBlocked: (reason: string) => void;
}

const pollMs = 5000;

/**
 * Waits until the sink stops or the table contains a dead letter of the message. In the second case, the source
 * continues after the message. Before the call, every earlier message and the source's cursor must be stored.
 *
 * @throws Error if the store cannot look up the dead letter.
 */
export async function waitAtBlockedMessage(
  state: StreamState,
  blocked: BlockedMessage,
  deps: BlockedMessageDeps,
): Promise<void> {
  const { source, store, metrics, wakeup } = deps;
  const labels = { source: source.name, offset: String(blocked.letter.position), type: blocked.type };
  const report = createReport(blocked, deps);
  try {
    while (!deps.isStopping()) {
      if (await store.hasDeadLetter(blocked.letter.id)) {
        await continueAfter(state, blocked, deps);
        return;
      }
      metrics.blockedMessages.set(labels, 1);
      report();
      await wakeup.wait(pollMs);
    }
  } finally {
    metrics.blockedMessages.remove(labels);
  }
}

function createReport({ type, letter }: BlockedMessage, deps: BlockedMessageDeps): () => void {
  const { source, store, logger, onBlocked } = deps;
  const log = createLimitedLog(logger, { level: 'error' });
  const fields = { source: source.name, partition: store.partition, offset: letter.position, type };
  return () => {
    onBlocked(reasonOf(fields));
    log.write('', fields, 'a message of a newer version blocks the partition: upgrade watmeter');
  };
}

function reasonOf(fields: {
  source: string;
  partition: number | undefined;
  offset: number;
  type: string;
}): string {
  const { source, partition = 0, offset, type } = fields;
  return (
    `${source} holds at offset ${offset} of partition ${partition} an event of type ${type}, which this version ` +
    'cannot read: upgrade watmeter'
  );
}

/** Continues after the skipped message. The state need not be read again, because every earlier message is stored. */
async function continueAfter(
  state: StreamState,
  { type, letter }: BlockedMessage,
  { source, logger }: BlockedMessageDeps,
): Promise<void> {
  const { producer, partition, sequence, position } = letter;
  if (sequence > 0) recordSequence(producerStateOf(state, producer, partition), sequence);
  await source.hint(position);
  source.rewind();
  logger.info(
    { source: source.name, offset: position, type },
    'the message was skipped: the partition continues',
  );
}
