import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeSessionEvent } from '../../../src/events/decode-session-event.ts';
import { readOwnSpelling } from '../../../src/events/fast-decode.ts';
import { encodeSessionEvent } from '../../../src/events/session-event.ts';
import { anySessionEvent, sessionEvent } from '../../support/arbitrary-events.ts';

const runs = { numRuns: 2000 };

/** The same message in a spelling that is not ours: what stands before it sends it to the parser. */
function otherSpelling(body: string): string {
  return ` ${body}`;
}

it('our own spelling is read without the parser, whatever it says', () => {
  expect(readOwnSpelling(encodeSessionEvent(sessionEvent()))).toBeDefined();
  expect(readOwnSpelling(encodeSessionEvent(sessionEvent({ tags: [] })))).toBeDefined();
  expect(readOwnSpelling(otherSpelling(encodeSessionEvent(sessionEvent())))).toBeUndefined();
});

it('both ways to read a message come to the same', () => {
  fc.assert(
    fc.property(anySessionEvent, (event) => {
      const body = encodeSessionEvent(event);
      expect(decodeSessionEvent(body)).toEqual(decodeSessionEvent(otherSpelling(body)));
    }),
    runs,
  );
});

it('also where the message was changed', () => {
  const pieces = [
    '"',
    '\\',
    ',',
    '","',
    '[',
    ']',
    '{',
    '0',
    '-',
    'Z',
    'é',
    '\u0001',
    '',
    '"tag"',
    '1e3',
    '2026-02-30T',
  ];
  fc.assert(
    fc.property(
      anySessionEvent,
      fc.nat(),
      fc.nat(20),
      fc.constantFrom(...pieces),
      (event, at, removed, piece) => {
        const body = encodeSessionEvent(event);
        const start = at % body.length;
        const changed = body.slice(0, start) + piece + body.slice(start + removed);
        expect(decodeSessionEvent(changed)).toEqual(decodeSessionEvent(otherSpelling(changed)));
      },
    ),
    runs,
  );
});

it.each([
  ['a day that is not there', (body: string) => body.replace('2026-11-21', '2026-11-31')],
  ['an hour that is not there', (body: string) => body.replace('T08:', 'T24:')],
  ['a tag twice', (body: string) => body.replace('["news"]', '["news","news"]')],
  ['an empty tag', (body: string) => body.replace('["news"]', '["news",""]')],
  ['a tag too long', (body: string) => body.replace('news', 'x'.repeat(129))],
  ['65 tags', (body: string) => body.replace('["news"]', JSON.stringify(Array.from({ length: 65 }, String)))],
  ['a sequence too large', (body: string) => body.replace('"sequence":"1"', '"sequence":"9999999999999999"')],
])('%s is judged alike', (_, change) => {
  const changed = change(encodeSessionEvent(sessionEvent()));
  expect(decodeSessionEvent(changed)).toEqual(decodeSessionEvent(otherSpelling(changed)));
});
