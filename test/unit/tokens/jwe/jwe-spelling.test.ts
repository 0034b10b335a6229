import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { maxPayloadBytes, openJwe, parseJwe, readKid } from '../../../../src/tokens/jwe/jwe.ts';
import { importPrivateKey } from '../../../../src/tokens/jwe/private-key.ts';
import { kid, privateKey } from '../support/fixtures.ts';
import { sealJwe } from '../support/seal-jwe.ts';

const key = importPrivateKey(privateKey.export({ type: 'pkcs8', format: 'der' }));
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function open(token: string): unknown {
  const jwe = parseJwe(token);
  return jwe && openJwe(jwe, key);
}

/** Returns a token in which the last characters of the header and of the content have `spareBits` unused bits. */
function tokenWithSpareBits(spareBits: 2 | 4): string {
  const rest = spareBits === 4 ? 1 : 2;
  const payload = `{"sub":"${'a'.repeat(((rest - 10) % 3) + 9)}"}`;
  for (let filler = ''; ; filler += 'x') {
    const headerText = JSON.stringify({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid, filler });
    if (headerText.length % 3 === rest) return sealJwe(payload, { headerText });
  }
}

/** Returns other encodings of a part that a lenient decoder reads as the same bytes. */
function otherSpellings(part: string): string[] {
  const spareBits = { 2: 4, 3: 2 }[part.length % 4] ?? 0;
  const last = alphabet.indexOf(part.at(-1) ?? '');
  const ends = Array.from({ length: 2 ** spareBits - 1 }, (_, bits) => alphabet[last + bits + 1] ?? '');
  return ends.map((end) => part.slice(0, -1) + end);
}

let token: string;
beforeAll(() => {
  do token = sealJwe('{"sub":"alice","trc":["a"]}', { compress: true });
  while (
    // The token must contain - or _, which differ in the standard base64 alphabet. One token in 50,000 does not.
    !/[-_]/.test(token.split('.')[1] as string)
  );
  expect(open(token)).toEqual({ sub: 'alice', trc: ['a'] });
});

describe('a changed token', () => {
  it('is rejected if one character was replaced, at any position', () => {
    for (let at = 0; at < token.length; at += 1) {
      const given = token[at] as string;
      const near = alphabet[(alphabet.indexOf(given) + 1) % 64] as string;
      for (const other of [near, 'A', '_', '.', '=', ' '].filter((candidate) => candidate !== given)) {
        const changed = token.slice(0, at) + other + token.slice(at + 1);
        if (open(changed) !== undefined) throw new Error(`opens with ${other} at ${at}`);
      }
    }
  });

  it('is rejected if one character was removed or inserted, at any position', () => {
    for (let at = 0; at <= token.length; at += 1) {
      const longer = `${token.slice(0, at)}A${token.slice(at)}`;
      const shorter = token.slice(0, at) + token.slice(at + 1);
      if (open(longer) !== undefined) throw new Error(`opens with one more at ${at}`);
      if (at < token.length && open(shorter) !== undefined) throw new Error(`opens with one less at ${at}`);
    }
  });

  it('is rejected if one part was copied from another token of the same configuration', () => {
    const parts = token.split('.');
    const others = sealJwe('{"sub":"mallory"}', { compress: true }).split('.');
    // Both tokens have the same header. All other parts are specific to one token.
    expect(others[0]).toBe(parts[0]);
    for (const place of [1, 2, 3, 4]) {
      expect(open(parts.with(place, others[place] as string).join('.'))).toBeUndefined();
    }
    expect(open(parts.with(0, sealJwe('{}').split('.')[0] as string).join('.'))).toBeUndefined();
  });
});

describe('the base64url check of a token', () => {
  it.each([2, 4] as const)(
    'rejects a last character that changes only unused bits (%i unused bits)',
    (bits) => {
      const given = tokenWithSpareBits(bits);
      expect(open(given)).toBeDefined();
      const parts = given.split('.');
      let tried = 0;
      for (const [place, part] of parts.entries()) {
        for (const other of otherSpellings(part)) {
          expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(part, 'base64url'));
          expect(open(parts.with(place, other).join('.'))).toBeUndefined();
          tried += 1;
        }
      }
      // Header and content have `bits` unused bits. The encrypted key (256 bytes) and the authentication tag (16 bytes)
      // always have four unused bits.
      expect(tried).toBe(2 * 15 + 2 * (2 ** bits - 1));
    },
  );

  it('rejects padding, the standard base64 alphabet, white space and skipped characters in any part', () => {
    for (const [place, part] of token.split('.').entries()) {
      const middle = Math.floor(part.length / 2);
      const spellings = [`${part}=`, `${part}==`, `=${part}`];
      for (const skipped of [' ', '\n', '\r\n', '\t', '\0', '\u00a0', '\u200b', '\ufeff', '!', '%', 'é']) {
        spellings.push(part.slice(0, middle) + skipped + part.slice(middle), part + skipped, skipped + part);
      }
      if (/[-_]/.test(part)) spellings.push(part.replaceAll('-', '+').replaceAll('_', '/'));
      for (const other of spellings) {
        const respelled = token.split('.').with(place, other).join('.');
        if (open(respelled) !== undefined) throw new Error(`opens with ${JSON.stringify(other)}`);
      }
    }
  });

  it('requires an encrypted key of full length, including leading zero bytes', () => {
    let parts: string[];
    let encryptedKey: Buffer;
    do {
      parts = sealJwe('{"sub":"alice"}').split('.');
      encryptedKey = Buffer.from(parts[1] as string, 'base64url');
    } while (encryptedKey[0] !== 0);
    const withKey = (bytes: Buffer) => parts.with(1, bytes.toString('base64url')).join('.');
    expect(open(withKey(encryptedKey))).toEqual({ sub: 'alice' });
    expect(open(withKey(encryptedKey.subarray(1)))).toBeUndefined();
    expect(open(withKey(Buffer.concat([Buffer.alloc(1), encryptedKey])))).toBeUndefined();
  });

  it('rejects an encrypted key to which the RSA modulus was added', () => {
    const { n = '' } = privateKey.export({ format: 'jwk' });
    const modulus = BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`);
    let beyond = 0n;
    let parts: string[];
    do {
      parts = token.split('.').with(1, sealJwe('{}').split('.')[1] as string);
      beyond = BigInt(`0x${Buffer.from(parts[1] as string, 'base64url').toString('hex')}`) + modulus;
    } while (beyond >= 1n << 2048n);
    const bytes = Buffer.from(beyond.toString(16).padStart(512, '0'), 'hex');
    const read = (encryptedKey: Buffer) => {
      try {
        return key.decryptContentKey(encryptedKey).length;
      } catch {
        return undefined;
      }
    };
    expect(read(Buffer.from(parts[1] as string, 'base64url'))).toBe(32);
    expect(read(bytes)).toBeUndefined();
  });

  it('requires exactly five parts', () => {
    const parts = token.split('.');
    for (const other of [
      parts.slice(0, 4),
      [...parts, ''],
      ['', ...parts],
      [...parts, 'AA'],
      parts.toReversed(),
    ]) {
      expect(open(other.join('.'))).toBeUndefined();
    }
    for (const place of [1, 2, 3, 4]) expect(open(parts.with(place, '').join('.'))).toBeUndefined();
  });
});

describe('parseJwe', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.base64String().map((text) => text.replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_')),
    fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
    fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64url')),
  );

  it('never throws, for any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 2000 }),
      fc.array(part, { maxLength: 8 }).map((parts) => parts.join('.')),
    );
    fc.assert(
      fc.property(text, (given) => {
        expect(() => [parseJwe(given), readKid(given)]).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws, for any members of the header', () => {
    const members = fc.record(
      {
        alg: fc.jsonValue(),
        enc: fc.jsonValue(),
        zip: fc.jsonValue(),
        kid: fc.jsonValue(),
        crit: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const [, ...rest] = token.split('.');
    fc.assert(
      fc.property(members, (header) => {
        const given = [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.');
        const jwe = parseJwe(given);
        // Random members are never exactly the allowed members.
        expect(jwe).toBeUndefined();
        expect(readKid(given)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('accepts headers of at most 4,096 characters and payloads up to the payload limit', () => {
    const withFiller = (chars: number) =>
      sealJwe('{"sub":"a"}', {
        headerText: JSON.stringify({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid, x: 'y'.repeat(chars) }),
      });
    const sized = Array.from({ length: 40 }, (_, index) => withFiller(2980 + index));
    for (const given of sized) expect(open(given) !== undefined).toBe(given.indexOf('.') <= 4096);
    expect(new Set(sized.map((given) => given.indexOf('.') <= 4096)).size).toBe(2);

    const ofSize = (bytes: number) => `{"sub":"${'a'.repeat(bytes - 10)}"}`;
    for (const compress of [true, false]) {
      expect(open(sealJwe(ofSize(maxPayloadBytes), { compress }))).toBeDefined();
      expect(open(sealJwe(ofSize(maxPayloadBytes + 1), { compress }))).toBeUndefined();
    }
  });
});
