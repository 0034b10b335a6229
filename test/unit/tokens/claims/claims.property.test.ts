import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkClaims, validityAt } from '../../../../src/tokens/claims/claims.ts';
import { withoutNullClaims } from '../../../../src/tokens/claims/null-claims.ts';

/** Generates instants of the years 1970 to 2200, in milliseconds. */
const instantMs = fc.integer({ min: 0, max: 7_258_118_400_000 });

/** Converts milliseconds to the seconds that a JSON parser returns for a decimal with three places. */
const secondsOf = (ms: number) =>
  JSON.parse(`${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}`);

describe('validityAt', () => {
  it('returns expired at and after exp, and valid one millisecond before exp', () => {
    fc.assert(
      fc.property(instantMs, (ms) => {
        const claims = { notBeforeS: undefined, expiresAtS: secondsOf(ms) };
        expect(validityAt(claims, ms)).toBe('expired');
        expect(validityAt(claims, ms + 1)).toBe('expired');
        expect(validityAt(claims, ms - 1)).toBe('valid');
      }),
      { numRuns: 5000, examples: [[524_287], [4_308_525_985_935]] },
    );
  });

  it('returns valid at and after nbf, and not-yet-valid one millisecond before nbf', () => {
    fc.assert(
      fc.property(instantMs, (ms) => {
        const claims = { notBeforeS: secondsOf(ms), expiresAtS: undefined };
        expect(validityAt(claims, ms)).toBe('valid');
        expect(validityAt(claims, ms + 1)).toBe('valid');
        expect(validityAt(claims, ms - 1)).toBe('not-yet-valid');
      }),
      { numRuns: 5000, examples: [[524_287], [4_308_525_985_935]] },
    );
  });

  it('rounds fractions of a millisecond up to the next whole one', () => {
    const claims = { notBeforeS: 1000.0005, expiresAtS: 2000.0005 };
    expect(validityAt(claims, 1_000_000)).toBe('not-yet-valid');
    expect(validityAt(claims, 1_000_001)).toBe('valid');
    expect(validityAt(claims, 2_000_000)).toBe('valid');
    expect(validityAt(claims, 2_000_001)).toBe('expired');
  });

  it('checks nbf before exp', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), instantMs, (nbf, exp, nowMs) => {
        const validity = validityAt({ notBeforeS: nbf, expiresAtS: exp }, nowMs);
        if (nowMs / 1000 < nbf) expect(validity).toBe('not-yet-valid');
        else expect(validity).toBe(nowMs / 1000 >= exp ? 'expired' : 'valid');
      }),
    );
  });

  it.each([
    [{ exp: 1e300 }, 'valid'],
    [{ exp: Number.MAX_VALUE }, 'valid'],
    [{ exp: -1 }, 'expired'],
    [{ exp: -1e300 }, 'expired'],
    [{ exp: 0 }, 'expired'],
    [{ nbf: Number.MAX_VALUE }, 'not-yet-valid'],
    [{ nbf: -1e300, exp: null }, 'valid'],
    [{ nbf: null, exp: null }, 'valid'],
    [{ nbf: 4_102_444_800, exp: 1 }, 'not-yet-valid'],
  ])('for %j returns %s', (times, expected) => {
    const checked = checkClaims({ sub: 'alice', ...times });
    if (!checked.ok) throw new Error(`refused: ${checked.claim}`);
    expect(validityAt(checked.claims, 1_800_000_000_000)).toBe(expected);
  });
});

const name = fc.oneof(
  fc.constantFrom(
    'sub',
    'exp',
    'nbf',
    'iat',
    'iss',
    'trc',
    'grants',
    'lng',
    'loc',
    'thm',
    '__proto__',
    'toString',
  ),
  fc.string(),
);
const value = fc.oneof(
  fc.jsonValue(),
  fc.double(),
  fc.array(fc.string({ unit: 'binary' })),
  fc.string({ unit: 'binary' }),
  fc.constant(undefined),
);

describe('checkClaims', () => {
  it('never throws, and accepts only claims within all limits', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), fc.boolean(), (members, withSubject) => {
        const payload = Object.fromEntries([...(withSubject ? [['sub', 'alice']] : []), ...members]);
        const checked = checkClaims(payload);
        if (!checked.ok) return;
        const { subject, tags, expiresAtS, notBeforeS, passthroughClaims } = checked.claims;
        expect(subject).toBe(payload['sub']);
        expect(Buffer.from(subject).toString()).toBe(subject);
        expect(tags.length).toBeLessThanOrEqual(64);
        expect(new Set(tags).size).toBe(tags.length);
        for (const tag of tags) {
          expect(tag.normalize('NFC')).toBe(tag);
          expect([...tag].length).toBeGreaterThan(0);
          expect([...tag].length).toBeLessThanOrEqual(128);
          expect(Buffer.from(tag).toString()).toBe(tag);
          expect(tag).not.toMatch(/\p{Cc}/u);
        }
        expect(expiresAtS).toBe(payload['exp'] ?? undefined);
        expect(notBeforeS).toBe(payload['nbf'] ?? undefined);
        const { grants, lng, loc, thm } = payload;
        const passedOn = JSON.parse(JSON.stringify({ grants, lng, loc, thm }));
        // A claim that is null counts as absent.
        expect(withoutNullClaims(JSON.parse(passthroughClaims))).toEqual(withoutNullClaims(passedOn));
      }),
      { numRuns: 2000 },
    );
  });

  it('returns the same tags whether they are written in NFD or in NFC', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), { maxLength: 64 }),
        (tags) => {
          const inForm = (form: string) =>
            checkClaims({ sub: 'a', trc: tags.map((tag) => tag.normalize(form)) });
          expect(inForm('NFD')).toEqual(inForm('NFC'));
          expect(inForm('NFC')).toEqual(checkClaims({ sub: 'a', trc: tags }));
        },
      ),
    );
  });
});
