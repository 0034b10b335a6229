import type { SourceMessage } from '../sources/source.ts';
import { createDeadLetter, createDeadLetterWithoutIdentity, type DeadLetter } from './dead-letter.ts';
import { newerVersionReason } from './read-message.ts';

/**
 * Creates the dead letter of a message that only a newer version can decode. The sink skips the message after an
 * operator has stored this dead letter. The id depends only on the message, its source and its position, so the sink
 * can look up whether the message was skipped.
 *
 * @param type message type.
 * @param partition stream partition that contained the message, or undefined if the source has several.
 */
export function createSkippedLetter(
  message: SourceMessage,
  source: string,
  type: string,
  partition: number | undefined,
): DeadLetter {
  const create = isPlacedIn(partition, message) ? createDeadLetter : createDeadLetterWithoutIdentity;
  return create(message, source, newerVersionReason(type));
}

/**
 * Returns whether the dead letter may fill the sequence of its message: a filled sequence no longer counts as missing.
 * If the message is in the wrong partition, the dead letter must not fill the sequence, because the event with this
 * sequence may still arrive in its own partition.
 */
function isPlacedIn(partition: number | undefined, { identity }: SourceMessage): boolean {
  return identity === undefined || partition === undefined || identity.partition === partition;
}
