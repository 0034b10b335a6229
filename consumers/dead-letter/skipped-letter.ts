import type { SourceMessage } from '../sources/source.ts';
import { createDeadLetter, createDeadLetterWithoutIdentity, type DeadLetter } from './dead-letter.ts';
import { newerVersionReason } from './read-message.ts';

/**
 * Returns the dead letter with which an operator skips a message of a newer version. It depends only on the message and
 * where it was found, so a sink can look up by the id whether its message was skipped.
 *
 * @param type the type of the message.
 * @param partition partition of the stream in which the message was found, or undefined if the source has several.
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

/** A message must not take the place of an event in another partition, where this event may still arrive. */
function isPlacedIn(partition: number | undefined, { identity }: SourceMessage): boolean {
  return identity === undefined || partition === undefined || identity.partition === partition;
}
