import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { openJwe, parseJwe } from '../../../../src/tokens/jwe/jwe.ts';
import { importPrivateKey } from '../../../../src/tokens/jwe/private-key.ts';
import { kid, privateKey, publicKey } from '../support/fixtures.ts';
import { sealJwe } from '../support/seal-jwe.ts';

/** These tests compare openJwe with the npm package jose, an independent and widely used implementation. */

const key = importPrivateKey(privateKey.export({ type: 'pkcs8', format: 'der' }));

function openWithWatmeter(token: string): unknown {
  const jwe = parseJwe(token);
  return jwe && openJwe(jwe, key);
}

/** Returns the plaintext that jose decrypts with the same allow-list, or undefined if it rejects the token. */
async function openWithJose(token: string): Promise<Uint8Array | undefined> {
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

/** With CI_LONG=1, this file tests about 100,000 random cases. */
const isLong = process.env['CI_LONG'] === '1';
const numRuns = (cases: number) => (isLong ? 250 * cases : cases);
const timeoutMs = isLong ? 1_800_000 : 30_000;

const enc = fc.constantFrom('A128GCM' as const, 'A256GCM' as const);

/** Generates header members that RFC 7516 requires readers to ignore. */
const extraMembers = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom('cty', 'typ', 'b64', 'jku', 'x5c', 'apu', 'p2c', 'epk')),
  fc.jsonValue(),
  { maxKeys: 4 },
);

const header = fc
  .record({ enc, compress: fc.boolean(), extra: extraMembers, first: fc.boolean() })
  .map((options) => {
    const known = { alg: 'RSA-OAEP-256', enc: options.enc, ...(options.compress && { zip: 'DEF' }), kid };
    const members = options.first ? { ...options.extra, ...known } : { ...known, ...options.extra, ...known };
    if (!options.compress) Reflect.deleteProperty(members, 'zip');
    Reflect.deleteProperty(members, 'crit');
    return { enc: options.enc, compress: options.compress, headerText: JSON.stringify(members) };
  });

describe('openJwe, compared with jose', () => {
  it(
    'decrypts tokens that jose created, to the same JSON',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.jsonValue(), enc, fc.boolean(), async (payload, algorithm, compress) => {
          const bytes = new TextEncoder().encode(JSON.stringify(payload));
          const token = await new CompactEncrypt(bytes)
            .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: algorithm, ...(compress && { zip: 'DEF' }), kid })
            .encrypt(publicKey);
          expect(openWithWatmeter(token)).toStrictEqual(JSON.parse(JSON.stringify(payload)));
        }),
        { numRuns: numRuns(100) },
      );
    },
    timeoutMs,
  );

  it(
    'decrypts every token that jose decrypts to the same content, whatever other header members the token has',
    async () => {
      let opened = 0;
      await fc.assert(
        fc.asyncProperty(fc.json(), header, async (payload, options) => {
          const token = sealJwe(payload, options);
          const plaintext = await openWithJose(token);
          if (plaintext === undefined) return;
          opened += 1;
          expect(Buffer.from(plaintext).toString()).toBe(payload);
          expect(isDeepStrictEqual(openWithWatmeter(token), JSON.parse(payload))).toBe(true);
        }),
        { numRuns: numRuns(150) },
      );
      expect(opened).toBeGreaterThan(100);
    },
    timeoutMs,
  );

  it(
    'rejects, like jose, tokens with other algorithms, critical members or content keys of another length',
    async () => {
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
          const token = sealJwe('{"sub":"a"}', {
            header: head,
            contentKey: Buffer.alloc(contentKeyBytes, 7),
          });
          expect(await openWithJose(token)).toBeUndefined();
          expect(openWithWatmeter(token)).toBeUndefined();
        }),
        { numRuns: numRuns(60) },
      );
    },
    timeoutMs,
  );

  it('rejects a content key whose length does not fit `enc`, even if it would decrypt the content', () => {
    for (const [algorithm, bytes] of [
      ['A256GCM', 16],
      ['A128GCM', 32],
    ] as const) {
      const contentKey = Buffer.alloc(bytes, 7);
      expect(openWithWatmeter(sealJwe('{"sub":"a"}', { enc: algorithm, contentKey }))).toBeUndefined();
    }
    expect(
      openWithWatmeter(sealJwe('{"sub":"a"}', { enc: 'A128GCM', contentKey: Buffer.alloc(16, 7) })),
    ).toEqual({
      sub: 'a',
    });
  });

  it(
    'never throws, and returns the same result as jose for any content',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (content, claimsDeflate) => {
          // The content is not compressed, even if the header says so.
          const zip = claimsDeflate ? { zip: 'DEF' } : {};
          const token = sealJwe(content, { header: { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid, ...zip } });
          const plaintext = await openWithJose(token);
          const expected = plaintext && asJson(plaintext);
          if (expected !== undefined) expect(openWithWatmeter(token)).toStrictEqual(expected);
          else expect(openWithWatmeter(token)).toBeUndefined();
        }),
        { numRuns: numRuns(100) },
      );
    },
    timeoutMs,
  );
});
