import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import {
  maxTagCodePoints,
  maxTags,
  type SessionDraft,
  type SessionEvent,
} from '../../src/events/session-event.ts';

/** The limits of an event's time in decode-session-event.ts. */
export const earliestMs = Date.UTC(2015, 0);
export const latestMs = Date.UTC(2100, 0) - 1;

/** Returns a name that no other test uses. */
export function randomName(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`;
}

/** Returns a session draft with default values for omitted members. */
export function sessionDraft(given: Partial<SessionDraft> = {}): SessionDraft {
  return {
    sessionId: uuidv7(),
    configurationId: 'configuration-1',
    organisationId: 'default',
    tags: ['news'],
    viewer: '0123456789abcdef0123456789abcdef',
    ...given,
  };
}

/** Returns a session event with default values for omitted members. */
export function sessionEvent(given: Partial<SessionEvent> = {}): SessionEvent {
  const identity = { producer: 'producer-1', partition: 0, sequence: 1 };
  return { ...sessionDraft(), ...identity, timeMs: Date.UTC(2026, 10, 21, 8, 43, 52, 178), ...given };
}

/** Text that breaks careless encoders: quotes, escapes, control characters, line separators and special words. */
const hostileTexts = [
  "it's",
  'a"b',
  'back\\slash',
  '\\N',
  'NULL',
  'null',
  "'] OR 1=1 --",
  '{tags: Array(String)}',
  '%27%00',
  'tab\tnew\nline\rnul\u0000end',
  '\u2028\u2029\ufeff',
  ' ',
  '\u{1f600}',
  'e\u0301',
  '\u00e9',
  '[]',
  '0',
];

/** Generates tags as a producer may write them: well-formed, unique, at most 128 code points. */
export const anyTag: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'binary', minLength: 1, maxLength: maxTagCodePoints }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter(isShort),
);

function isShort(text: string): boolean {
  return [...text].length <= maxTagCodePoints;
}

export const anyTags = fc.uniqueArray(anyTag, { maxLength: maxTags });

/** Generates names of producers, configurations and organisations. */
export const anyName = fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/);

export const anySessionDraft: fc.Arbitrary<SessionDraft> = fc.record({
  sessionId: fc.uuid({ version: 7 }),
  configurationId: anyName,
  organisationId: anyName,
  tags: anyTags,
  viewer: fc.stringMatching(/^[0-9a-f]{32}$/),
});

export const anySessionEvent: fc.Arbitrary<SessionEvent> = fc
  .record({
    draft: anySessionDraft,
    producer: anyName,
    partition: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    timeMs: fc.oneof(fc.integer({ min: earliestMs, max: latestMs }), fc.constantFrom(earliestMs, latestMs)),
  })
  .map(({ draft, ...place }) => ({ ...draft, ...place }));
