import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { openJwe, parseJwe } from '../../../../src/tokens/jwe/jwe.ts';
import { importPrivateKey } from '../../../../src/tokens/jwe/private-key.ts';
import { kid, privateKey, publicKey } from '../support/fixtures.ts';
import { sealJwe } from '../support/seal-jwe.ts';

/** The opener held against the npm package jose, which is written by others and used by many. */

const key = importPrivateKey(privateKey.export({ type: 'pkcs8', format: 'der' }));

function ours(token: string): unknown {
  const jwe = parseJwe(token);
  return jwe && openJwe(jwe, key);
}

/** What jose opens under the same allow-list; undefined where it refuses. */
async function theirs(token: string): Promise<Uint8Array | undefined> {
  try {
    const { plaintext } = await compactDecrypt(token, privateKey, {
      keyManagementAlgorithms: ['RSA-OAEP-256'],
      contentEncryptionAlgorithms: ['A128GCM', 'A256GCM'],
      maxDecompressedLength: 512 * 1024,
    });
    return plaintext;
  } catch {
    return undefined;
  }
}

function asJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

const enc = fc.constantFrom('A128GCM' as const, 'A256GCM' as const);

/** Members that RFC 7516 has everybody ignore, in any order among the ones that matter. */
const extraMembers = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom('cty', 'typ', 'b64', 'jku', 'x5c', 'apu', 'p2c', 'epk')),
  fc.jsonValue(),
  { maxKeys: 4 },
);

const header = fc
  .record({ enc, compress: fc.boolean(), extra: extraMembers, first: fc.boolean() })
  .map((one) => {
    const known = { alg: 'RSA-OAEP-256', enc: one.enc, ...(one.compress && { zip: 'DEF' }), kid };
    const members = one.first ? { ...one.extra, ...known } : { ...known, ...one.extra, ...known };
    if (!one.compress) Reflect.deleteProperty(members, 'zip');
    Reflect.deleteProperty(members, 'crit');
    return { enc: one.enc, compress: one.compress, headerText: JSON.stringify(members) };
  });

describe('against jose', () => {
  it('opens what jose makes, to the same JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), enc, fc.boolean(), async (payload, algorithm, compress) => {
        const bytes = new TextEncoder().encode(JSON.stringify(payload));
        const token = await new CompactEncrypt(bytes)
          .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: algorithm, ...(compress && { zip: 'DEF' }), kid })
          .encrypt(publicKey);
        expect(ours(token)).toStrictEqual(JSON.parse(JSON.stringify(payload)));
      }),
      { numRuns: 100 },
    );
  });

  it('opens whatever jose opens, to the same bytes, whatever else the header says', async () => {
    let opened = 0;
    await fc.assert(
      fc.asyncProperty(fc.json(), header, async (payload, options) => {
        const token = sealJwe(payload, options);
        const plaintext = await theirs(token);
        if (plaintext === undefined) return;
        opened += 1;
        expect(Buffer.from(plaintext).toString()).toBe(payload);
        expect(isDeepStrictEqual(ours(token), JSON.parse(payload))).toBe(true);
      }),
      { numRuns: 150 },
    );
    expect(opened).toBeGreaterThan(100);
  });

  it('never opens what jose refuses: other algorithms, criticals, content keys of another length', async () => {
    const wrong = fc.constantFrom<Record<string, unknown>>(
      { alg: 'RSA-OAEP' },
      { alg: 'dir' },
      { enc: 'A192GCM' },
      { enc: 'A128CBC-HS256' },
      { enc: '__proto__' },
      { enc: ['A256GCM'] },
      { zip: 'GZ' },
      { zip: null },
      { crit: [] },
      { crit: ['exp'], exp: 1 },
      { crit: 'none' },
      { alg: undefined },
    );
    await fc.assert(
      fc.asyncProperty(wrong, fc.constantFrom(16, 24, 32), async (members, contentKeyBytes) => {
        const head = { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid, ...members };
        const token = sealJwe('{"sub":"a"}', { header: head, contentKey: Buffer.alloc(contentKeyBytes, 7) });
        expect(await theirs(token)).toBeUndefined();
        expect(ours(token)).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it('refuses a content key that does not fit `enc`, also where the content would open with it', () => {
    for (const [algorithm, bytes] of [
      ['A256GCM', 16],
      ['A128GCM', 32],
    ] as const) {
      const contentKey = Buffer.alloc(bytes, 7);
      expect(ours(sealJwe('{"sub":"a"}', { enc: algorithm, contentKey }))).toBeUndefined();
    }
    expect(ours(sealJwe('{"sub":"a"}', { enc: 'A128GCM', contentKey: Buffer.alloc(16, 7) }))).toEqual({
      sub: 'a',
    });
  });

  it('answers for any content at all, as jose does, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (content, claimsDeflate) => {
        // Not deflated, though the header may say so.
        const zip = claimsDeflate ? { zip: 'DEF' } : {};
        const token = sealJwe(content, { header: { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid, ...zip } });
        const plaintext = await theirs(token);
        const expected = plaintext && asJson(plaintext);
        if (expected !== undefined) expect(ours(token)).toStrictEqual(expected);
        else expect(ours(token)).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });
});
