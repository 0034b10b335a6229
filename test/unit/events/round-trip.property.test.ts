import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeSessionEvent } from '../../../src/events/decode-session-event.ts';
import { encodeSessionEvent } from '../../../src/events/session-event.ts';
import { anySessionEvent } from '../../support/arbitrary-events.ts';

it('every encoded event decodes to itself', () => {
  fc.assert(
    fc.property(anySessionEvent, (event) => {
      expect(decodeSessionEvent(encodeSessionEvent(event))).toEqual({ kind: 'event', event });
    }),
    { numRuns: 300 },
  );
});

it('the decoder ignores unknown members and the order of members', () => {
  const unknown = fc.dictionary(fc.stringMatching(/^x[a-z]{0,8}$/), fc.jsonValue(), { maxKeys: 4 });
  fc.assert(
    fc.property(anySessionEvent, unknown, unknown, (event, unknownMembers, unknownData) => {
      const message = JSON.parse(encodeSessionEvent(event));
      const widened = { ...unknownMembers, data: { ...unknownData, ...message.data } };
      const reversed = Object.fromEntries(Object.entries(message).reverse());
      expect(decodeSessionEvent(JSON.stringify({ ...reversed, ...widened }))).toEqual({
        kind: 'event',
        event,
      });
    }),
  );
});

it('the decoder never throws, and returns the same result for the same bytes', () => {
  const anyBody = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), cutMessage());
  fc.assert(
    fc.property(anyBody, (body) => {
      const decoded = decodeSessionEvent(body);
      expect(decoded.kind).toMatch(/^(event|unreadable|newer-version)$/);
      expect(decodeSessionEvent(body)).toEqual(decoded);
    }),
    { numRuns: 300 },
  );
});

it('a truncated message never decodes as an event', () => {
  fc.assert(
    fc.property(cutMessage(), (body) => {
      expect(decodeSessionEvent(body)).toEqual({ kind: 'unreadable', reason: 'not a JSON object' });
    }),
  );
});

function cutMessage(): fc.Arbitrary<string> {
  return fc
    .tuple(
      anySessionEvent.map(encodeSessionEvent),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    )
    .map(([text, share]) => text.slice(0, Math.floor(share * text.length)));
}
