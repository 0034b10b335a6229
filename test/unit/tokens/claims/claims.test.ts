import { describe, expect, it } from 'vitest';
import { checkClaims } from '../../../../src/tokens/claims/claims.ts';

/**
 * Returns the claim that causes a rejection, or undefined if the claims are valid. Accepts JSON text for payloads
 * that a JavaScript object cannot express.
 */
function fault(claims: Record<string, unknown> | string): string | undefined {
  const payload = typeof claims === 'string' ? JSON.parse(claims) : { sub: 'alice', ...claims };
  const checked = checkClaims(payload);
  return checked.ok ? undefined : checked.claim;
}

function tagsOf(trc: unknown): readonly string[] | undefined {
  const checked = checkClaims({ sub: 'alice', trc });
  return checked.ok ? checked.claims.tags : undefined;
}

const controls = [...Array(0x20).keys(), ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index)];

describe('sub', () => {
  it.each([1, null, true, '', [], {}, ['alice']])('must not be %j', (sub) => {
    expect(fault({ sub })).toBe('sub');
  });

  it('is a string of at most 1,024 UTF-16 code units without lone surrogates', () => {
    expect(fault({ sub: 'a'.repeat(1024) })).toBeUndefined();
    expect(fault({ sub: 'a'.repeat(1025) })).toBe('sub');
    expect(fault('{"sub":"\\ud83d\\ude00"}')).toBeUndefined();
    for (const half of ['\\ud83d', '\\ude00', 'a\\ud83d', '\\ude00\\ud83d']) {
      expect(fault(`{"sub":"${half}"}`)).toBe('sub');
    }
  });

  it('must not be inherited from a prototype', () => {
    expect(fault('{"__proto__":{"sub":"alice"}}')).toBe('sub');
    expect(fault('{"constructor":{"sub":"alice"},"prototype":{"sub":"alice"}}')).toBe('sub');
  });
});

describe('the payload', () => {
  it.each(['null', '[]', '[{"sub":"alice"}]', '"alice"', '42', 'true'])('must not be %s', (text) => {
    expect(fault(text)).toBe('payload');
  });

  it('may contain any other claims, with any names', () => {
    const hostile =
      '"__proto__":{"exp":1},"constructor":1,"toString":null,"hasOwnProperty":[],"":0,"jti":{"a":[]}';
    expect(checkClaims(JSON.parse(`{"sub":"alice",${hostile}}`))).toEqual({
      ok: true,
      claims: {
        subject: 'alice',
        expiresAtS: undefined,
        notBeforeS: undefined,
        issuedAtS: undefined,
        tags: [],
        passthroughClaims: '{}',
      },
    });
    expect(Object.prototype).not.toHaveProperty('exp');
  });
});

describe.each(['exp', 'nbf'])('%s', (name) => {
  it.each(['"4102444800"', 'true', '[]', '{}', '[4102444800]', '""', '1e400', '-1e400'])(
    'must not be %s',
    (text) => {
      expect(fault(`{"sub":"alice","${name}":${text}}`)).toBe(name);
    },
  );

  it.each([0, -1, -0, 0.5, 1e300, -1e300, Number.MAX_VALUE, Number.MIN_VALUE, 4_102_444_800.25])(
    'may be %d',
    (value) => {
      expect(fault({ [name]: value })).toBeUndefined();
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('must not be %d', (value) => {
    expect(fault({ [name]: value })).toBe(name);
  });

  it('may be null or absent, which means no limit', () => {
    expect(checkClaims({ sub: 'alice', [name]: null })).toEqual(checkClaims({ sub: 'alice' }));
  });
});

describe('trc', () => {
  it.each(['campaign', 1, {}, { 0: 'a', length: 1 }, [1], [null], [['a']], [''], ['a', '']])(
    'must not be %j',
    (trc) => {
      expect(fault({ trc })).toBe('trc');
    },
  );

  it('has at most 64 strings, counted before duplicates are merged', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `tag-${index}`);
    expect(tagsOf(many(64))).toEqual(many(64));
    expect(tagsOf(many(65))).toBeUndefined();
    expect(tagsOf(Array(64).fill('a'))).toEqual(['a']);
    expect(tagsOf(Array(65).fill('a'))).toBeUndefined();
    expect(tagsOf([])).toEqual([]);
  });

  it('has tags of 1 to 128 code points, counted in NFC', () => {
    for (const character of ['a', 'é', '日', '\u{1f600}', '\u{10ffff}', 'e\u0301', '\u1100\u1161\u11a8']) {
      expect(tagsOf([character.repeat(128)])).toEqual([character.normalize('NFC').repeat(128)]);
      expect(tagsOf([character.repeat(129)])).toBeUndefined();
    }
    // NFC converts this code point into two.
    expect(tagsOf(['\u0958'.repeat(64)])).toEqual(['\u0915\u093c'.repeat(64)]);
    expect(tagsOf(['\u0958'.repeat(65)])).toBeUndefined();
  });

  it('merges tags that are equal in NFC, and keeps case, blanks and order', () => {
    expect(tagsOf(['b', 'Cafe\u0301', 'a', 'Caf\u00e9', 'café', ' a ', 'a', 'A'])).toEqual([
      ...['b', 'Caf\u00e9', 'a', 'café', ' a ', 'A'],
    ]);
    expect(tagsOf(['\u212b', '\u00c5', 'A\u030a'])).toEqual(['\u00c5']);
  });

  it('must not contain control characters, including C1, at any position', () => {
    for (const code of controls) {
      const character = String.fromCharCode(code);
      for (const tag of [character, `a${character}`, `${character}a`, `a${character}b`]) {
        if (tagsOf([tag]) !== undefined) throw new Error(`U+${code.toString(16)} is accepted`);
      }
    }
    // Formatting characters such as emoji joiners and direction marks are allowed.
    expect(tagsOf(['\u200d', '\u202e', '\u00ad'])).toHaveLength(3);
  });

  it('must not contain lone surrogates', () => {
    for (const tag of ['\ud83d', '\ude00', 'a\ud83d', '\ude00a', '\ude00\ud83d'])
      expect(tagsOf([tag])).toBeUndefined();
  });

  it('accepts names of Object.prototype members, and strings with a meaning in other formats', () => {
    const names = [
      '__proto__',
      'constructor',
      'null',
      '{tag: String}',
      "'; DROP TABLE x",
      '=1+1',
      '\\',
      '"',
      '%00',
    ];
    expect(tagsOf(names)).toEqual(names);
  });
});

describe('grants', () => {
  it.each([
    ...['all', 1, [], { res: 'dashboard' }, { res: [1] }, { res: [null] }, { res: {} }, { flt: {} }],
    ...[{ flt: ['a'] }, { flt: [null] }, { flt: [[]] }, { acl: 'a' }, { acl: [1] }],
    ...[{ prm: 'a' }, { prm: [1] }, { prm: [{}] }],
  ])('must not be %j', (grants) => {
    expect(fault({ grants })).toBe('grants');
  });

  it('may omit any member and contain unknown members', () => {
    const full = { res: ['a'], flt: [{}], acl: [{ a: null }], prm: { a: 1 }, more: 'x' };
    for (const grants of [
      {},
      full,
      { res: [] },
      { flt: [] },
      { acl: [] },
      { prm: {} },
      { prm: [] },
      { prm: ['filter'] },
    ]) {
      const checked = checkClaims({ sub: 'alice', grants, lng: 'de', thm: { any: 1 }, loc: null, jti: 'x' });
      expect(checked.ok && JSON.parse(checked.claims.passthroughClaims)).toEqual({
        grants,
        lng: 'de',
        thm: { any: 1 },
      });
    }
  });

  it('may be null, which means absent, and so may the members of grants and the claims lng, loc, thm and trc', () => {
    const nulls = { exp: null, nbf: null, iat: null, trc: null, lng: null, loc: null, thm: null };
    const passedOf = (grants: unknown) => {
      const checked = checkClaims({ sub: 'alice', ...nulls, grants });
      return checked.ok && [checked.claims.tags, JSON.parse(checked.claims.passthroughClaims)];
    };
    expect(passedOf(null)).toEqual([[], {}]);
    expect(passedOf({ res: null, flt: null, acl: null, prm: null })).toEqual([[], { grants: {} }]);
    expect(passedOf({ res: ['a'], acl: null })).toEqual([[], { grants: { res: ['a'] } }]);
  });

  it('are rejected without an exception if they are nested too deep to be serialised again', () => {
    const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(fault(`{"sub":"alice","grants":{"prm":{"a":${deep(100)}}}}`)).toBeUndefined();
    expect(fault(`{"sub":"alice","grants":{"prm":{"a":${deep(200_000)}}}}`)).toBe('depth');
    expect(fault(`{"sub":"alice","thm":${deep(200_000)}}`)).toBe('depth');
    expect(() => fault(`{"sub":"alice","unknown":${deep(200_000)}}`)).not.toThrow();
  });

  const grantsOf = (chars: number) => ({
    res: ['a'],
    prm: { a: 'x'.repeat(chars - '["a"]{"a":""}'.length) },
  });

  it('may have at most 81,200 characters in prm, res, flt and acl', () => {
    expect(fault({ grants: grantsOf(81_200) })).toBeUndefined();
    expect(fault({ grants: grantsOf(81_201) })).toBe('grants');
    expect(fault({ grants: { flt: [{ a: '\u0001'.repeat(13_531) }] } })).toBeUndefined();
    expect(fault({ grants: { flt: [{ a: '\u0001'.repeat(13_532) }] } })).toBe('grants');
  });

  it('may have at most 16,384 characters in other members, together with the claims lng, loc and thm', () => {
    const frame = JSON.stringify({ grants: { more: '' }, thm: '' }).length;
    const claimsOf = (chars: number) => ({
      grants: { more: 'y'.repeat(chars - frame - 10) },
      thm: 'z'.repeat(10),
    });
    expect(fault(claimsOf(16_384))).toBeUndefined();
    expect(fault(claimsOf(16_385))).toBe('size');
    expect(fault({ grants: grantsOf(81_200), thm: 'z'.repeat(16_000) })).toBeUndefined();
    expect(fault({ grants: { ...grantsOf(81_200), more: 'y'.repeat(17_000) } })).toBe('size');
    expect(fault({ lng: 'y'.repeat(17_000) })).toBe('size');
    expect(fault({ thm: 'y'.repeat(100_000) })).toBe('size');
  });
});
