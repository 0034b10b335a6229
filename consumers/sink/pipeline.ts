import type { Signal } from '../../src/platform/background/signal.ts';
import type { Logger } from '../../src/platform/logger.ts';
import type { ConsumerMetrics } from '../declarations/metrics.ts';
import type { Source } from '../sources/source.ts';
import type { EventStore } from '../store/event-store.ts';
import type { StreamState } from '../store/stream-state.ts';
import { type BatchWriterDeps, writeBatch } from './batch-writer.ts';
import { type BlockedMessageDeps, waitAtBlockedMessage } from './blocked-message.ts';
import type { Pacer } from './pacer.ts';
import { prepareBatch } from './prepare.ts';

export interface PipelineDeps extends Omit<BatchWriterDeps, 'onInserted'>, BlockedMessageDeps {
  readonly source: Source;
  readonly store: EventStore;
  readonly logger: Logger;
  readonly metrics: ConsumerMetrics;
  readonly maxRows: number;
  readonly pacer: Pacer;
  /** Wakes the pipeline to make it stop. */
  readonly wakeup: Signal;
  /** Called after each stored batch, and after an operator has skipped a message that blocked the stream. */
  readonly onStored: () => void;
}

const idleWaitMs = 1000;

/**
 * Reads and stores batches until it should stop. While one batch is being inserted, it reads the next one and decides
 * what happens to its messages. When the promise settles, no insert is running, not even after an error.
 *
 * @param state stored sequences, as read from the event table. The pipeline updates them. After an error they are not
 * valid.
 * @throws Error if the source or the store fails.
 */
export async function runPipeline(state: StreamState, deps: PipelineDeps): Promise<void> {
  const { pacer, wakeup } = deps;
  let storing: Promise<void> = Promise.resolve();
  pacer.restart();
  try {
    while (!deps.isStopping()) {
      await waitForMessages(deps);
      const batch = await prepareBatch(state, deps);
      await storing;
      pacer.recordStart(batch);
      storing = writeBatch(state, batch, { ...deps, onInserted: pacer.recordInsert }).then(deps.onStored);
      // Without this handler, the pipeline would notice the failure only when the next message arrives.
      storing.catch(() => wakeup.wake());
      if (batch.end.kind === 'blocked') {
        await storing;
        await waitAtBlockedMessage(state, batch.end.blocked, deps);
        deps.onStored();
      }
    }
  } finally {
    // The caller reads the high-water marks next, which is correct only while no insert is running.
    await storing;
  }
}

async function waitForMessages({ source, wakeup, pacer, isStopping }: PipelineDeps): Promise<void> {
  await Promise.race([source.waitForMore(idleWaitMs), wakeup.wait(idleWaitMs)]);
  const remainingMs = pacer.remainingMs();
  if (remainingMs > 0 && !isStopping()) await wakeup.wait(remainingMs);
}
