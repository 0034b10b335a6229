import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeSessionEvent } from '../../../src/events/decode-session-event.ts';
import { readCanonicalEvent } from '../../../src/events/fast-decode.ts';
import { encodeSessionEvent } from '../../../src/events/session-event.ts';
import { anySessionEvent, sessionEvent } from '../../support/arbitrary-events.ts';

const runs = { numRuns: 2000 };

/** Returns the same message with a leading space, which makes the decoder use the parser. */
function withoutFastPath(body: string): string {
  return ` ${body}`;
}

it('the fast path decodes every message that encodeSessionEvent encoded', () => {
  expect(readCanonicalEvent(encodeSessionEvent(sessionEvent()))).toBeDefined();
  expect(readCanonicalEvent(encodeSessionEvent(sessionEvent({ tags: [] })))).toBeDefined();
  expect(readCanonicalEvent(withoutFastPath(encodeSessionEvent(sessionEvent())))).toBeUndefined();
});

it('the fast path and the parser return the same event', () => {
  fc.assert(
    fc.property(anySessionEvent, (event) => {
      const body = encodeSessionEvent(event);
      expect(decodeSessionEvent(body)).toEqual(decodeSessionEvent(withoutFastPath(body)));
    }),
    runs,
  );
});

it('the fast path and the parser return the same result for altered messages', () => {
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
        expect(decodeSessionEvent(changed)).toEqual(decodeSessionEvent(withoutFastPath(changed)));
      },
    ),
    runs,
  );
});

it.each([
  ['a day that does not exist', (body: string) => body.replace('2026-11-21', '2026-11-31')],
  ['an hour that does not exist', (body: string) => body.replace('T08:', 'T24:')],
  ['a tag twice', (body: string) => body.replace('["news"]', '["news","news"]')],
  ['an empty tag', (body: string) => body.replace('["news"]', '["news",""]')],
  ['a tag too long', (body: string) => body.replace('news', 'x'.repeat(129))],
  ['65 tags', (body: string) => body.replace('["news"]', JSON.stringify(Array.from({ length: 65 }, String)))],
  ['a sequence too large', (body: string) => body.replace('"sequence":"1"', '"sequence":"9999999999999999"')],
])('the fast path and the parser agree on %s', (_, change) => {
  const changed = change(encodeSessionEvent(sessionEvent()));
  expect(decodeSessionEvent(changed)).toEqual(decodeSessionEvent(withoutFastPath(changed)));
});
