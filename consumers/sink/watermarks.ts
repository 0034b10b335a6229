import { decodeWatermark, type Watermark } from '../../src/events/watermark.ts';
import type { SourceMessage } from '../sources/source.ts';
import { type StreamState, stateKey } from '../store/stream-state.ts';

/** Stores watermarks after the rows that they cover. */
export interface WatermarkWriter {
  /**
   * Stores the watermarks soon. If one of them is final, the promise resolves after all of them are stored, because no
   * later watermark replaces it.
   * @throws the error of the store.
   */
  write(watermarks: readonly Watermark[]): Promise<void>;
}

/**
 * Decodes the watermark in a message. Returns undefined if the message is not a valid watermark of this partition.
 *
 * @param partition stream partition that the sink stores, or undefined if it stores all of them.
 */
export function watermarkOf(message: SourceMessage, partition: number | undefined): Watermark | undefined {
  if (message.watermark === undefined) return undefined;
  const watermark = decodeWatermark(message.watermark, message.body);
  return partition === undefined || watermark?.partition === partition ? watermark : undefined;
}

/**
 * Returns whether every event that the watermark covers has a row or a dead letter. If Kafka has lost events, it is not
 * covered, and the sink ignores it. A later watermark is covered after the missing events were sent again.
 */
export function isCovered(state: StreamState, { producer, partition, sequence }: Watermark): boolean {
  if (sequence === 0) return true;
  const stored = state.get(stateKey(producer, partition));
  return (
    stored !== undefined && stored.highest >= sequence && !stored.holes.some(({ first }) => first <= sequence)
  );
}

/** Adds a watermark to others of the same stream. Only the last one of each producer is kept, and each final one. */
export function addWatermark(watermarks: Watermark[], added: Watermark): void {
  const { producer, partition, final } = added;
  const index = watermarks.findIndex(
    (each) => each.producer === producer && each.partition === partition && each.final === final,
  );
  if (index === -1) watermarks.push(added);
  else watermarks[index] = added;
}
