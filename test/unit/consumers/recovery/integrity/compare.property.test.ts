import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  compareStream,
  type StreamFacts,
} from '../../../../../consumers/recovery/integrity/model/compare.ts';
import { anyNumbers, membersOf, setOfNumbers } from './sequences.ts';

const name = { producer: 'producer-1', partition: 3 };
const anyFacts = fc.record({
  stored: anyNumbers,
  repeated: fc.nat(3),
  letters: anyNumbers,
  acknowledged: anyNumbers,
  pending: anyNumbers,
});

type Given = typeof anyFacts extends fc.Arbitrary<infer T> ? T : never;

function factsOf({
  stored,
  repeated,
  letters,
  acknowledged,
  pending,
}: typeof anyFacts extends fc.Arbitrary<infer T> ? T : never): StreamFacts {
  return {
    ...name,
    rows: stored.length + (stored.length > 0 ? repeated : 0),
    stored: setOfNumbers(stored),
    letters: setOfNumbers(letters),
    acknowledged: setOfNumbers(acknowledged),
    pending: setOfNumbers(pending),
  };
}

/** Classifies each accepted sequence separately, as the reference for `compareStream`. */
function placesOf({ stored, letters, acknowledged, pending }: Given, isReadBySink: boolean): string[] {
  const highestPresent = Math.max(0, ...stored, ...letters);
  const highest = Math.max(highestPresent, ...acknowledged, ...pending);
  const isOnTheWay = (sequence: number) =>
    acknowledged.includes(sequence) ? !isReadBySink && sequence > highestPresent : pending.includes(sequence);
  return Array.from({ length: highest }, (_, index) => index + 1).map((sequence) => {
    if (stored.includes(sequence)) return 'stored';
    if (letters.includes(sequence)) return 'letter';
    if (isOnTheWay(sequence)) return 'waiting';
    return acknowledged.includes(sequence) || pending.includes(sequence) ? 'fillable' : 'lost';
  });
}

it('the comparison classifies every accepted sequence exactly once, with the same result as checking each sequence separately', () => {
  fc.assert(
    fc.property(anyFacts, fc.boolean(), (given, isReadBySink) => {
      const facts = factsOf(given);
      const { balance, holes } = compareStream(facts, isReadBySink);
      const { stored } = given;
      const places = placesOf(given, isReadBySink);
      const at = (...wanted: string[]) =>
        places.flatMap((place, index) => (wanted.includes(place) ? [index + 1] : []));
      expect(balance).toEqual({
        ...name,
        accepted: places.length,
        stored: stored.length,
        deadLettered: at('letter').length,
        waiting: at('waiting').length,
        missing: at('fillable', 'lost').length,
        surplus: facts.rows - stored.length,
      });
      expect(balance.accepted).toBe(
        balance.stored + balance.deadLettered + balance.waiting + balance.missing,
      );
      expect(membersOf(holes.filter(({ inJournal: has }) => has))).toEqual(at('fillable'));
      expect(membersOf(holes.filter(({ inJournal: has }) => !has))).toEqual(at('lost'));
      expect(holes.every((hole) => hole.producer === 'producer-1' && hole.partition === 3)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

it('the comparison counts pending events as waiting, and acknowledged events that are not stored as missing', () => {
  const facts = { ...name, rows: 5, stored: setOfNumbers([1, 2, 3, 4, 5]), letters: [] };
  const journal = { acknowledged: setOfNumbers([4, 5, 6]), pending: setOfNumbers([7, 8]) };
  const { balance, holes } = compareStream({ ...facts, ...journal }, true);
  expect(balance).toMatchObject({ accepted: 8, stored: 5, waiting: 2, missing: 1 });
  expect(holes).toEqual([{ ...name, first: 6, last: 6, inJournal: true }]);
  expect(compareStream({ ...facts, ...journal }, false).balance).toMatchObject({ waiting: 3, missing: 0 });
});

it('the comparison handles an empty stream and a stream with 2^53 - 1 sequences', () => {
  const empty = { ...name, rows: 0, stored: [], letters: [], acknowledged: [], pending: [] };
  expect(compareStream(empty, true)).toEqual({
    balance: { ...name, accepted: 0, stored: 0, deadLettered: 0, waiting: 0, missing: 0, surplus: 0 },
    holes: [],
  });
  const last = Number.MAX_SAFE_INTEGER;
  const { balance } = compareStream({ ...empty, rows: 1, stored: [{ first: last, last }] }, true);
  expect(balance).toMatchObject({ accepted: last, stored: 1, missing: last - 1 });
});
