import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkClaims } from '../../../src/tokens/claims/claims.ts';
import { forEachOf } from '../../integration/http/support/filter-model.ts';
import { useInstance } from '../../integration/http/support/instance.ts';
import { exchange, mint, type TestConfiguration } from '../../support/api.ts';
import { hostilePayloads, nonObjects } from '../../support/hostile-claims.ts';
import { hostileHeaders, mutate, otherSpellings } from '../../support/hostile-tokens.ts';
import { sealJwe } from '../../unit/tokens/support/seal-jwe.ts';

/** The exact response to every invalid token (docs/reference/http-api.md, Gateway). */
const refusal =
  '{"type":"urn:watmeter:problem:token_invalid","title":"The web access token is not valid","status":401,"code":"token_invalid","detail":"Ask the sender for a new link."}';

const instance = useInstance();
let configuration: TestConfiguration;
let key: KeyObject;
let good: string;
beforeAll(async () => {
  configuration = await instance().configuration('Hostile');
  key = createPublicKey(configuration.publicKey);
  good = await mint(configuration, { sub: 'alice', trc: ['a'] });
  // From now on the token is in the cache.
  expect((await send(good)).status).toBe(200);
});

const send = (token: unknown) => exchange(instance().url, token);
const test = (token: string) =>
  instance().call('POST', '/api/v1/web-access-tokens/test', { body: { token } });

interface SealingOptions {
  readonly zip?: boolean;
  readonly headerText?: string;
}

function seal(payload: string | Uint8Array, { zip = false, headerText }: SealingOptions = {}): string {
  const header = {
    alg: 'RSA-OAEP-256',
    enc: 'A256GCM',
    kid: configuration.id,
    ...(zip && { zip: 'DEF' }),
  };
  return sealJwe(payload, { key, header, ...(headerText !== undefined && { headerText }) });
}

async function expectRefused(tokens: readonly string[]): Promise<void> {
  await forEachOf(tokens, async (token) => {
    const { status, text } = await send(token);
    if (status !== 401 || text !== refusal) expect([token, status, text]).toEqual([token, 401, refusal]);
  });
}

async function expectNotValid(tokens: readonly string[]): Promise<void> {
  await forEachOf(tokens, async (token) => {
    const { status, body } = await test(token);
    expect([token, status, body['valid'], body['payload']]).toEqual([token, 200, false, null]);
  });
}

async function sessionsCounted(): Promise<number> {
  await instance().settled();
  return Number((await instance().get('/api/v1/usage/summary')).body['total']);
}

describe('a changed token', () => {
  it.each([0, 1])('is rejected by the exchange, round %i', async (round) => {
    const changed = mutate(good, round);
    expect(changed.length).toBeGreaterThan(500);
    await expectRefused(changed);
  });

  it('is reported as invalid by a token test', async () => {
    await expectNotValid(mutate(good, 2));
  });

  it('is rejected if parts are missing, empty, duplicated, added or reordered', async () => {
    const parts = good.split('.');
    const changed = parts.flatMap((part, index) => [
      parts.toSpliced(index, 1),
      parts.with(index, ''),
      parts.toSpliced(index, 0, part),
      parts.toSpliced(index, 0, ''),
      parts.with(index, parts.at(index - 1) ?? ''),
    ]);
    const rearranged = [
      [...parts, ''],
      [...parts, ...parts],
      parts.toReversed(),
      ['', '', '', '', ''],
      ['', ''],
    ];
    await expectRefused([...changed, ...rearranged].map((pieces) => pieces.join('.')));
  });

  it('is rejected if one bit of its bytes differs and its encoding is canonical', async () => {
    const parts = good.split('.').map((part) => Buffer.from(part, 'base64url'));
    const changed = parts.flatMap((bytes, index) =>
      Array.from(bytes, (byte, offset) =>
        parts
          .with(index, Buffer.from(bytes.with(offset, byte ^ (1 << (offset % 8)))))
          .map((part) => part.toString('base64url'))
          .join('.'),
      ),
    );
    await expectRefused(changed);
  });
});

describe('a token in a non-canonical encoding', () => {
  it('is rejected repeatedly, before and after the canonical encoding is cached', async () => {
    const spellings = otherSpellings(good);
    expect(spellings.length).toBeGreaterThanOrEqual(45);
    const before = await sessionsCounted();
    const unseen = await mint(configuration, { sub: 'alice', trc: ['b'] });
    await expectRefused(otherSpellings(unseen));
    for (const token of [unseen, good]) expect((await send(token)).status).toBe(200);
    await expectRefused([...otherSpellings(unseen), ...spellings, ...spellings]);
    for (const token of [unseen, good]) expect((await send(token)).status).toBe(200);
    // Leading and trailing white space, as in pasted text, is not part of the token.
    expect((await send(`\n ${good}\t\r\n`)).status).toBe(200);
    expect(await sessionsCounted()).toBe(before + 5);
  });

  it('is reported as invalid by a token test', async () => {
    await expectNotValid(otherSpellings(good));
  });
});

describe('a token header', () => {
  it('is accepted or rejected as specified, whatever its other members', async () => {
    const headers = Object.entries(hostileHeaders(configuration.id));
    await forEachOf(headers, async ([name, { text, opens }]) => {
      const answer = await send(seal('{"sub":"alice"}', { headerText: text }));
      expect([name, answer.status]).toEqual([name, opens ? 200 : 401]);
      if (!opens) expect(answer.text).toBe(refusal);
    });
  });

  it('has the same result in a token test as in an exchange, and the token test returns the header or its errors', async () => {
    await forEachOf(Object.entries(hostileHeaders(configuration.id)), async ([name, { text, opens }]) => {
      const { status, body } = await test(seal('{"sub":"alice"}', { headerText: text }));
      expect([name, status, body['valid']]).toEqual([name, 200, opens]);
      if (opens) expect(body['header']).toMatchObject({ alg: 'RSA-OAEP-256', kid: configuration.id });
      else expect(body['findings']).not.toEqual([]);
    });
  });

  it('may contain any members besides alg, enc, kid and zip, except crit', async () => {
    const extra = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('b64', 'p2c', 'p2s', 'epk', 'apu', 'cty', '__proto__')),
      fc.jsonValue(),
      { maxKeys: 4 },
    );
    await fc.assert(
      fc.asyncProperty(extra, async ({ crit: _, zip: __, ...members }) => {
        const header = { ...members, alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: configuration.id };
        const token = seal('{"sub":"alice"}', { headerText: JSON.stringify(header) });
        expect((await send(token)).status).toBe(200);
        const critical = seal('{"sub":"alice"}', { headerText: JSON.stringify({ ...header, crit: [] }) });
        expect((await send(critical)).text).toBe(refusal);
      }),
      { numRuns: 25 },
    );
  });
});

describe('token claims', () => {
  /**
   * Expects a session if the payload satisfies the claims schema, and otherwise the exact refusal. Returns the
   * status.
   */
  async function expectVerdict(payload: string, token: string): Promise<number> {
    const { status, text, body } = await send(token);
    const isValid = checkClaims(JSON.parse(payload)).ok;
    const isUntimely = isValid && ['token_not_yet_valid', 'token_expired'].includes(String(body['code']));
    const expected = isValid ? (isUntimely ? 401 : 200) : 401;
    expect([payload.slice(0, 60), status]).toEqual([
      payload.slice(0, 60),
      token.length > 256 * 1024 ? 413 : expected,
    ]);
    if (!isValid && status === 401) expect(text).toBe(refusal);
    return status;
  }

  it('lead to a session if they are valid, and otherwise to the same refusal', async () => {
    const payloads = [...Object.values(hostilePayloads), ...nonObjects];
    await forEachOf(payloads, async (payload) => {
      await expectVerdict(payload, seal(payload));
      await expectVerdict(payload, seal(deflateRawSync(payload), { zip: true }));
    });
  });

  it('are accepted, for any JSON, exactly when they satisfy the claims schema', async () => {
    const name = fc.constantFrom('sub', 'exp', 'nbf', 'trc', 'grants', 'lng', '__proto__', 'constructor');
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('alice', [], {}, 4e9, null, ['a'], { res: [] }));
    const claims = fc.dictionary(fc.oneof({ weight: 5, arbitrary: name }, fc.string()), value, {
      maxKeys: 5,
    });
    const payload = fc.oneof(
      fc.json(),
      claims.map((members) => JSON.stringify(members)),
      // About 90 % of these payloads are valid.
      fc
        .dictionary(fc.string(), fc.jsonValue())
        .map((members) => JSON.stringify({ ...members, sub: 'alice' })),
    );
    let exchanged = 0;
    await fc.assert(
      fc.asyncProperty(payload, async (json) => {
        if ((await expectVerdict(json, seal(json))) === 200) exchanged += 1;
      }),
      { numRuns: 80 },
    );
    expect(exchanged).toBeGreaterThan(5);
  });

  it('are rejected if they are not UTF-8 or not JSON', async () => {
    const bytes = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]].map(
      (sequence) => Buffer.concat([Buffer.from('{"sub":"'), Buffer.from(sequence), Buffer.from('"}')]),
    );
    const texts = [
      '',
      ' ',
      '\0',
      '{"sub":"a"',
      '{"sub":"a",}',
      '{"sub":NaN}',
      '{"sub":"a"}{}',
      "{'sub':'a'}",
    ];
    const utf16 = Buffer.from('\ufeff{"sub":"a"}', 'utf16le');
    await expectRefused(
      [...bytes, ...texts, utf16, '{"sub":"a"}\0', '\ufeff\ufeff{}'].map((content) => seal(content)),
    );
  });
});

describe('compressed claims', () => {
  const claims = '{"sub":"alice"}';
  const inflatedMiB = 40;

  it('are accepted only as one complete raw deflate stream that the header announces', async () => {
    const deflated = deflateRawSync(claims);
    expect((await send(seal(deflated, { zip: true }))).status).toBe(200);
    await expectRefused([
      seal(deflateRawSync(deflated), { zip: true }),
      seal(gzipSync(claims), { zip: true }),
      seal(deflateRawSync(gzipSync(claims)), { zip: true }),
      seal(claims, { zip: true }),
      seal(deflated),
      seal(deflated.subarray(0, -1), { zip: true }),
      seal(Buffer.alloc(0), { zip: true }),
      // A valid token inside another token is rejected.
      seal(good),
      seal(deflateRawSync(good), { zip: true }),
      seal(JSON.stringify(good)),
    ]);
  });

  it('are inflated only up to the limit, so that memory does not grow with the inflated size', async () => {
    const bombs = ['{"sub":"alice","x":"', '[', ' '].map((start) =>
      seal(deflateRawSync(start + start.at(-1)?.repeat(inflatedMiB * 1024 ** 2)), { zip: true }),
    );
    const round = (count: number) =>
      expectRefused(Array.from({ length: count }, (_, index) => bombs[index % bombs.length] as string));
    await round(12);
    const before = memoryMiB();
    await round(60);
    const after = memoryMiB();
    expect(after.peak - before.peak).toBeLessThan(inflatedMiB);
    expect(after.resident - before.resident).toBeLessThan(inflatedMiB);
  });
});

/** Returns the current and the peak resident memory of the process. */
function memoryMiB(): { resident: number; peak: number } {
  const status = readFileSync(`/proc/${instance().app.child.pid}/status`, 'utf8');
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { resident: read('VmRSS'), peak: read('VmHWM') };
}

describe('an exchange body', () => {
  it.each([
    ['with the member twice, the last valid', () => `{"webAccessToken":"x","webAccessToken":"${good}"}`, 200],
    [
      'with the member twice, the last invalid',
      () => `{"webAccessToken":"${good}","webAccessToken":"x"}`,
      401,
    ],
    ['with the member in __proto__', () => `{"__proto__":{"webAccessToken":"${good}"}}`, 400],
    ['with escapes', () => `{"web\\u0041ccessToken":"${good.replace('.', '\\u002e')}"}`, 200],
    ['with an unpaired surrogate after the token', () => `{"webAccessToken":"${good}\\ud800"}`, 401],
    [
      'with a NUL in the token',
      () => `{"webAccessToken":"${good.slice(0, 50)}\\u0000${good.slice(50)}"}`,
      401,
    ],
    [
      'with another member nested 1,000 deep',
      () => `{"x":${'['.repeat(1000)}${']'.repeat(1000)},"webAccessToken":"${good}"}`,
      200,
    ],
    [
      'with another member nested 100,000 deep',
      () => `{"x":${'['.repeat(1e5)}${']'.repeat(1e5)},"webAccessToken":"x"}`,
      401,
    ],
    ['with 100,000 dots', () => `{"webAccessToken":"${'.'.repeat(100_000)}"}`, 401],
    ['with a part of 250,000 characters', () => `{"webAccessToken":"${'A'.repeat(250_000)}.A.A.A.A"}`, 401],
    [
      'with an unknown member named like an object property',
      () => `{"toString":1,"webAccessToken":"${good}"}`,
      200,
    ],
  ])('%s gets the specified status', async (_, body, expected) => {
    const answer = await instance().call('POST', '/api/v1/wat/sessionToken', { body: body(), headers: {} });
    expect(answer.status).toBe(expected);
    if (expected === 401) expect(answer.text).toBe(refusal);
  });

  it('is rejected without an internal error, whatever text it contains as token', async () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 200 });
    const part = fc.oneof(
      anyText,
      fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
      fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
      fc.constantFrom(...good.split('.')),
    );
    const token = fc.oneof(
      anyText,
      fc.array(part, { minLength: 4, maxLength: 6 }).map((parts) => parts.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(token, async (text) => {
        fc.pre(text.trim() !== good);
        expect((await send(text)).text).toBe(refusal);
        const { status, body } = await test(text);
        expect([status, body['valid']]).toEqual([200, false]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the process after all hostile tokens', () => {
  it('is still running, is ready, and accepts valid tokens', async () => {
    expect(instance().app.child.exitCode).toBeNull();
    expect((await instance().get('/health/ready')).status).toBe(200);
    expect((await send(good)).status).toBe(200);
    expect(instance().app.output()).not.toMatch(/"level":(50|60)/);
  });
});
