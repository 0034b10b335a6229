import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHeaderReader, readHeader } from '../../../../src/tokens/jwe/jwe-header.ts';

const encoded = (header: unknown) => Buffer.from(JSON.stringify(header)).toString('base64url');
const header = { alg: 'RSA-OAEP-256', enc: 'A128GCM', zip: 'DEF', kid: 'k' };

/** Allowed ones, ones that are nearly so, and other text: each may come again. */
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

describe('reading a header', () => {
  it('says the same with a memory as without, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 40 }), (given) => {
        const remembering = createHeaderReader();
        for (const text of [...given, ...given]) expect(remembering(text)).toEqual(readHeader(text));
      }),
    );
  });

  it('goes on when more headers came than are remembered', () => {
    const remembering = createHeaderReader();
    const kids = Array.from({ length: 2500 }, (_, index) => `kid-${index}`);
    for (const kid of [...kids, ...kids.toReversed()])
      expect(remembering(encoded({ ...header, kid }))).toEqual({
        kid,
        isCompressed: true,
        contentKeyBytes: 16,
      });
  });

  it('takes no header of more than 4,096 characters, remembered or not', () => {
    const remembering = createHeaderReader();
    const long = (chars: number) => encoded({ ...header, kid: 'k'.repeat(chars) });
    const [fits, tooLong] = [long(3000), long(3072)];
    expect([fits.length <= 4096, tooLong.length > 4096]).toEqual([true, true]);
    for (const read of [remembering, remembering, readHeader]) {
      expect(read(fits)?.kid).toHaveLength(3000);
      expect(read(tooLong)).toBeUndefined();
    }
  });
});
