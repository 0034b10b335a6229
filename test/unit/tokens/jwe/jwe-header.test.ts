import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHeaderReader, readHeader } from '../../../../src/tokens/jwe/jwe-header.ts';

const encoded = (header: unknown) => Buffer.from(JSON.stringify(header)).toString('base64url');
const header = { alg: 'RSA-OAEP-256', enc: 'A128GCM', zip: 'DEF', kid: 'k' };

/** Generates encoded headers: valid headers, headers with invalid members, and other texts. */
const texts = fc.oneof(
  fc
    .record(
      {
        alg: fc.constantFrom('RSA-OAEP-256', 'RSA-OAEP-256', 'RSA-OAEP', 'dir'),
        enc: fc.constantFrom('A128GCM', 'A256GCM', 'A128CBC-HS256'),
        zip: fc.constantFrom('DEF', 'GZ'),
        kid: fc.constantFrom('a', 'b', '日', 1),
        crit: fc.constant(['b64']),
      },
      { requiredKeys: ['alg', 'enc', 'kid'] },
    )
    .map(encoded),
  fc.constantFrom('', encoded([]), encoded(null), `${encoded(header)}=`, `${encoded(header)} `, 'e30'),
  fc.string({ maxLength: 12 }),
);

describe('createHeaderReader', () => {
  it('returns a reader with the same results as readHeader, whatever headers were read before', () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 40 }), (given) => {
        const cachingReader = createHeaderReader();
        for (const text of [...given, ...given]) expect(cachingReader(text)).toEqual(readHeader(text));
      }),
    );
  });

  it('returns a reader whose results stay correct after more headers than the cache can store', () => {
    const cachingReader = createHeaderReader();
    const kids = Array.from({ length: 2500 }, (_, index) => `kid-${index}`);
    for (const kid of [...kids, ...kids.toReversed()])
      expect(cachingReader(encoded({ ...header, kid }))).toEqual({
        kid,
        isCompressed: true,
        contentKeyBytes: 16,
      });
  });

  it('returns a reader that rejects headers of more than 4,096 characters, cached or not', () => {
    const cachingReader = createHeaderReader();
    const long = (chars: number) => encoded({ ...header, kid: 'k'.repeat(chars) });
    const [fits, tooLong] = [long(3000), long(3072)];
    expect([fits.length <= 4096, tooLong.length > 4096]).toEqual([true, true]);
    for (const read of [cachingReader, cachingReader, readHeader]) {
      expect(read(fits)?.kid).toHaveLength(3000);
      expect(read(tooLong)).toBeUndefined();
    }
  });
});
