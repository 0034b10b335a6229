/**
 * Subquery for `partition`, `producer` and `sequence` of the letters that take a place in the stream. A replayed
 * letter is left out, because its event has a row. If that row is lost, the place must show as a hole.
 */
export const placedLetters = `(
  SELECT partition, producer, sequence FROM dead_letters
  WHERE sequence > 0 AND id NOT IN (SELECT id FROM dead_letter_replays))`;
