import type { Watermark } from '../../events/watermark.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Journal, JournalEntry } from '../log/journal.ts';
import { createTrackedProducers, type TrackedProducer } from './tracked-producers.ts';

/** Watermarks to send to Kafka. */
export interface WatermarkSend {
  readonly watermarks: readonly Watermark[];
  /** Records that Kafka has acknowledged the watermarks. */
  acknowledge(): void;
}

/**
 * Creates the watermarks of a gateway, based on the journal and on the events that Kafka has acknowledged. A
 * watermark is sent after Kafka has acknowledged the events that it covers. In each partition, it is therefore behind
 * these events.
 */
export interface RelayWatermarks {
  /** Records that a producer of this process starts. Call it in the order of the producers. */
  noteProducer(producer: string): void;
  /** Records that Kafka has acknowledged events. */
  noteSent(entries: readonly JournalEntry[]): void;
  /** Returns the watermarks that are due, or undefined. */
  due(): WatermarkSend | undefined;
  /** Makes the journal reject new events. After the promise resolves, the current producer gets no more events. */
  end(): Promise<void>;
  /** Returns the final watermarks of all producers, or undefined if some events have not been sent. Call `end` first. */
  last(): WatermarkSend | undefined;
  /** Makes all final watermarks due again. Call it after a rewind, because the events are sent again too. */
  resend(): void;
}

export interface RelayWatermarksDeps {
  readonly journal: Pick<
    Journal,
    'completeThroughMs' | 'producer' | 'endedProducers' | 'stopAccepting' | 'startPosition' | 'status'
  >;
  /** Returns the last known number of partitions. It never decreases. */
  readonly partitions: () => number;
  /**
   * Returns whether this process has registered a producer in the control store. A producer is not ended before its
   * successor is registered. Otherwise `completeThrough` could pass the first events of the successor, because no
   * live producer would hold it back.
   */
  readonly isRegistered: (producer: string) => boolean;
  readonly clock: Clock;
  readonly monotonicMs: () => number;
}

/**
 * Interval between watermarks. It is half of the required interval, because a send and a pause of the relay come in
 * addition.
 */
const everyMs = 500;

/** Creates the watermarks of the producers of this process and of earlier processes with the same data directory. */
export function createRelayWatermarks(deps: RelayWatermarksDeps): RelayWatermarks {
  const { journal, partitions, isRegistered, clock, monotonicMs } = deps;
  const tracked = createTrackedProducers();
  let sentAtMs = Number.NEGATIVE_INFINITY;
  const readingEarlier = journal.endedProducers().then(tracked.addEarlier);

  function finalsUpTo(position: number): WatermarkSend {
    const ending = tracked
      .all()
      .filter(({ endPosition, isFinalSent }) => !isFinalSent && endPosition <= position);
    const count = partitions();
    return {
      watermarks: ending.flatMap((producer) => watermarksOf(producer, count, clock.nowMs(), true)),
      acknowledge() {
        for (const producer of ending) producer.isFinalSent = true;
      },
    };
  }

  return {
    noteProducer(producer) {
      tracked.start(producer, journal.startPosition() + journal.status().pendingEvents);
    },
    noteSent: tracked.noteSent,
    due() {
      if (monotonicMs() - sentAtMs < everyMs) return undefined;
      sentAtMs = monotonicMs();
      // The watermark is read before the number of partitions. Therefore no event before the watermark is in a
      // partition that is not counted.
      const beforeMs = journal.completeThroughMs();
      const current = journal.producer();
      const known = tracked.find(current);
      const live = known === undefined ? [] : watermarksOf(known, partitions(), beforeMs, false);
      if (!isRegistered(current)) return { watermarks: live, acknowledge() {} };
      const { watermarks, acknowledge } = finalsUpTo(journal.startPosition());
      return { watermarks: [...live, ...watermarks], acknowledge };
    },
    async end() {
      await Promise.all([journal.stopAccepting(), readingEarlier]);
    },
    last() {
      return journal.status().pendingEvents > 0 ? undefined : finalsUpTo(Number.POSITIVE_INFINITY);
    },
    resend() {
      for (const producer of tracked.all()) producer.isFinalSent = false;
    },
  };
}

/** Returns the watermarks of a producer, one for each partition. */
function watermarksOf(
  { producer, sequences }: TrackedProducer,
  partitions: number,
  beforeMs: number,
  final: boolean,
): Watermark[] {
  return Array.from({ length: partitions }, (_, partition) => ({
    ...{ producer, partition, sequence: sequences.get(partition) ?? 0, beforeMs, partitions, final },
  }));
}
