/**
 * Subquery that returns `partition`, `producer` and `sequence` of the dead letters that fill a sequence, so that it
 * does not count as missing. The subquery excludes replayed dead letters: a replay stored the event as a row, and if
 * this row is lost, the sequence must count as missing.
 */
export const placedLetters = `(
  SELECT partition, producer, sequence FROM dead_letters
  WHERE sequence > 0 AND id NOT IN (SELECT id FROM dead_letter_replays))`;
