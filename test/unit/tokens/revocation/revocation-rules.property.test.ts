import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isCutOff,
  mergeRevocations,
  type Revocation,
} from '../../../../src/tokens/revocation/revocation-rules.ts';

const instantMs = fc.integer({ min: 0, max: 4_102_444_800_000 });
/** A time of use that is later than every `iat` in these tests. */
const laterMs = 4_200_000_000_000;
/** Converts milliseconds to the number that JSON.parse returns for an `iat` in seconds with decimal digits. */
const secondsOf = (ms: number, digits = '') =>
  Number(`${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}${digits}`);

describe('isCutOff', () => {
  it('returns true for tokens issued at or before the cut-off, exact to the millisecond', () => {
    fc.assert(
      fc.property(instantMs, instantMs, (issuedMs, cutOffMs) => {
        expect(isCutOff(secondsOf(issuedMs), cutOffMs, laterMs)).toBe(issuedMs <= cutOffMs);
      }),
      { numRuns: 2000 },
    );
  });

  it('distinguishes adjacent milliseconds, whatever further decimal digits iat has', () => {
    fc.assert(
      fc.property(instantMs, fc.integer({ min: 0, max: 999 }), (cutOffMs, micros) => {
        const digits = String(micros).padStart(3, '0');
        // A token with the same millisecond as the cut-off may have been issued before it.
        expect(isCutOff(secondsOf(cutOffMs, digits), cutOffMs, laterMs)).toBe(true);
        expect(isCutOff(secondsOf(cutOffMs + 1, digits), cutOffMs, laterMs)).toBe(false);
        expect(isCutOff(cutOffMs / 1000, cutOffMs, laterMs)).toBe(true);
        expect(isCutOff((cutOffMs + 1) / 1000, cutOffMs, laterMs)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('returns true for an iat in whole seconds if the cut-off is in the same second', () => {
    fc.assert(
      fc.property(instantMs, (cutOffMs) => {
        const second = Math.floor(cutOffMs / 1000);
        expect(isCutOff(second, cutOffMs, laterMs)).toBe(true);
        expect(isCutOff(second + 1, cutOffMs, laterMs)).toBe(false);
      }),
    );
  });

  it('treats an iat as absent if it is more than 60 s after the use of the token', () => {
    fc.assert(
      fc.property(instantMs, instantMs, (cutOffMs, usedAtMs) => {
        const usedAtS = usedAtMs / 1000;
        expect(isCutOff(usedAtS + 60.001, cutOffMs, usedAtMs)).toBe(true);
        expect(isCutOff(usedAtS + 315_360_000, cutOffMs, usedAtMs)).toBe(true);
        expect(isCutOff(usedAtS + 59.999, cutOffMs, usedAtMs)).toBe(usedAtMs + 59_999 <= cutOffMs);
      }),
    );
  });

  it('returns true for tokens without iat, or with iat in milliseconds', () => {
    fc.assert(
      fc.property(
        instantMs,
        fc.integer({ min: 1_000_000_000_000, max: 9_000_000_000_000 }),
        (cutOffMs, ms) => {
          for (const iat of [undefined, ms, JSON.parse('1e999'), Number.NaN, JSON.parse('-1e999')])
            expect(isCutOff(iat, cutOffMs, laterMs)).toBe(true);
        },
      ),
    );
  });
});

const revocation = (kind: Revocation['kind']) =>
  fc.record<Revocation>({
    ...{ kind: fc.constant(kind), configurationId: fc.constant('c'), digest: fc.constant('d') },
    revokedAtMs: instantMs.map((ms) => ms + 1),
    sessionsEndedAtMs: fc.option(
      instantMs.map((ms) => ms + 1),
      { nil: undefined },
    ),
    expiresAtMs: fc.constant(undefined),
    untilMs: fc.option(instantMs, { nil: undefined }),
  });

describe.each(['token', 'subject', 'configuration'] as const)('merged revocations of one %s', (kind) => {
  it('are the same in any order and with any repetitions', () => {
    fc.assert(
      fc.property(revocation(kind), revocation(kind), revocation(kind), (a, b, c) => {
        expect(mergeRevocations(a, b)).toEqual(mergeRevocations(b, a));
        expect(mergeRevocations(mergeRevocations(a, b), c)).toEqual(
          mergeRevocations(a, mergeRevocations(b, c)),
        );
        expect(mergeRevocations(mergeRevocations(a, b), b)).toEqual(mergeRevocations(a, b));
      }),
    );
  });

  it('reject every token and end every session that at least one of the revocations rejects or ends', () => {
    fc.assert(
      fc.property(revocation(kind), revocation(kind), instantMs, (a, b, issuedMs) => {
        const both = mergeRevocations(a, b);
        const isRefused = ({ revokedAtMs }: Revocation) =>
          kind === 'token' || isCutOff(secondsOf(issuedMs), revokedAtMs, laterMs);
        const isEnded = ({ sessionsEndedAtMs }: Revocation) =>
          sessionsEndedAtMs !== undefined && issuedMs <= sessionsEndedAtMs;
        expect(isRefused(both)).toBe(isRefused(a) || isRefused(b));
        expect(isEnded(both)).toBe(isEnded(a) || isEnded(b));
      }),
    );
  });
});
