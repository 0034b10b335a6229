import type { SourceMessage } from '../sources/source.ts';
import { createDeadLetter, createDeadLetterWithoutIdentity, type DeadLetter } from './dead-letter.ts';
import { newerVersionReason } from './read-message.ts';

/**
 * Creates the dead letter that makes the sink skip a message of a newer version. An operator stores it. Its
 * id depends only on the message and its location, so a sink can look up whether its message was skipped.
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
 * A message must not fill a sequence of another partition, because the event with that sequence may still
 * arrive there.
 */
function isPlacedIn(partition: number | undefined, { identity }: SourceMessage): boolean {
  return identity === undefined || partition === undefined || identity.partition === partition;
}
