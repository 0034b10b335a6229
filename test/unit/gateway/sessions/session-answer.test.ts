import { Check } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import {
  SessionAnswer,
  serializeSessionAnswer,
  toSessionAnswer,
} from '../../../../src/gateway/sessions/session-answer.ts';

describe('serializeSessionAnswer', () => {
  it('returns the same text as JSON.stringify', () => {
    const answer = toSessionAnswer({
      sessionId: '019d0a5e-7a30-7bbb-8e39-0b5b5a1c2d3e',
      initialiser: 'q7Yk-_3vJb0m2XhR1tWcZA',
      webSessionToken: 'wms1.0123456789abcdef.AbC-_09',
      expiresAtMs: 1_795_280_000_123,
    });
    expect(Check(SessionAnswer, answer)).toBe(true);
    expect(serializeSessionAnswer(answer)).toBe(JSON.stringify(answer));
  });
});
