import { expect, it } from 'vitest';
import { createDeadLetter } from '../../../../consumers/dead-letter/dead-letter.ts';

const identity = { producer: 'p', partition: 3, sequence: 7 };
const message = { position: 12, identity, body: '{"half":', headers: '{"wm-producer":"p"}' };
const idOf = (given: Partial<Parameters<typeof createDeadLetter>[0]>, source = 'topic') =>
  createDeadLetter({ ...message, ...given }, source, 'reason').id;

it('a dead letter contains everything that a replay needs', () => {
  expect(createDeadLetter(message, 'watmeter.sessions', 'not a JSON object')).toEqual({
    id: 'p/3/7',
    producer: 'p',
    partition: 3,
    sequence: 7,
    source: 'watmeter.sessions',
    position: 12,
    reason: 'not a JSON object',
    body: '{"half":',
    encoding: 'utf-8',
    headers: '{"wm-producer":"p"}',
  });
});

it('dead letters with the same event identity have the same id, in any source and at any position', () => {
  expect(idOf({ position: 99 }, 'a copied topic')).toBe(idOf({}));
  expect(idOf({ identity: { ...identity, sequence: 8 } })).not.toBe(idOf({}));
});

it('the id of a dead letter derives from position and content if the message has no identity', () => {
  const nameless = idOf({ identity: undefined });
  expect(idOf({ identity: undefined })).toBe(nameless);
  expect(idOf({ identity: undefined, headers: '{}' })).toBe(nameless);
  expect(idOf({ identity: undefined, body: 'other' })).not.toBe(nameless);
  expect(idOf({ identity: undefined, position: 13 })).not.toBe(nameless);
  expect(idOf({ identity: undefined }, 'other topic')).not.toBe(nameless);
  expect(createDeadLetter({ ...message, identity: undefined }, 'topic', '')).toMatchObject({
    producer: '',
    sequence: 0,
  });
});
