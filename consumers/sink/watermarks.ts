import { decodeWatermark, type Watermark } from '../../src/events/watermark.ts';
import type { SourceMessage } from '../sources/source.ts';
import { type StreamState, stateKey } from '../store/stream-state.ts';

/** Stores watermarks. Call it after the rows that the watermarks cover are stored. */
export interface WatermarkWriter {
  /**
   * Adds the watermarks to the next insert. If one of them is final, the promise resolves after the insert, because
   * no later watermark replaces a lost final one. Otherwise the promise resolves immediately.
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
 * Returns whether every event that the watermark covers has a row or a dead letter. Otherwise the sink ignores the
 * watermark. This happens if Kafka has lost events. After the gateway has sent these events again, a later watermark is
 * covered.
 */
export function isCovered(state: StreamState, { producer, partition, sequence }: Watermark): boolean {
  if (sequence === 0) return true;
  const stored = state.get(stateKey(producer, partition));
  return (
    stored !== undefined && stored.highest >= sequence && !stored.holes.some(({ first }) => first <= sequence)
  );
}

/**
 * Adds a watermark to a list. The list keeps only the last watermark of each producer and partition, and in addition
 * the last final one.
 */
export function addWatermark(watermarks: Watermark[], added: Watermark): void {
  const { producer, partition, final } = added;
  const index = watermarks.findIndex(
    (each) => each.producer === producer && each.partition === partition && each.final === final,
  );
  if (index === -1) watermarks.push(added);
  else watermarks[index] = added;
}
