/**
 * Letters that stand at a place of the stream: `partition`, `producer`, `sequence`. One that became a row stands there no
 * more: were its row lost, the place would be a hole.
 */
export const standingLetters = `(
  SELECT partition, producer, sequence FROM dead_letters
  WHERE sequence > 0 AND id NOT IN (SELECT id FROM dead_letter_replays))`;
