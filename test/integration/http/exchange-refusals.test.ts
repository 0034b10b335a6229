import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { exchange, mint, type TestConfiguration } from '../../support/api.ts';
import { sealJwe } from '../../unit/tokens/support/seal-jwe.ts';
import { type Answer, useInstance } from './support/instance.ts';

const instance = useInstance();
let configuration: TestConfiguration;
beforeAll(async () => {
  configuration = await instance().configuration('Refusals');
});

const send = (token: unknown): Promise<Answer> => exchange(instance().url, token);
const sendClaims = async (claims: Record<string, unknown>) => send(await mint(configuration, claims));

/**
 * Returns the next character of the base64url alphabet. As the last character of a JWE authentication tag it decodes
 * to the same bytes.
 */
function nextInAlphabet(character = ''): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[alphabet.indexOf(character) + 1] ?? '';
}

/** Creates invalid tokens, keyed by the reason why they are invalid. An exchange must return `token_invalid`. */
async function invalidTokens(): Promise<Record<string, string>> {
  const good = await mint(configuration, { sub: 'alice' });
  const [header = '', ...rest] = good.split('.');
  const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  const otherPem = otherKey.export({ type: 'spki', format: 'pem' }).toString();
  const disabled = await instance().configuration('Disabled');
  const deleted = await instance().configuration('Deleted');
  const base = '/api/v1/web-access-tokens/configurations';
  await instance().call('PATCH', `${base}/${disabled.id}`, { body: { enabled: false } });
  await instance().call('DELETE', `${base}/${deleted.id}`);
  const ownKey = { kid: configuration.id, alg: 'RSA-OAEP-256', enc: 'A256GCM' };
  const seal = (payload: string | Uint8Array, members: object = {}) =>
    sealJwe(payload, { header: { ...ownKey, ...members }, key: createPublicKey(configuration.publicKey) });
  return {
    'no text': '',
    'white space': ' \n ',
    'not a token': 'hello',
    'four dots': '....',
    'a JWS': `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.e30.AAAA`,
    'no header': ['', ...rest].join('.'),
    'two tokens': `${good} ${good}`,
    'white space inside': `${header}. ${rest.join('.')}`,
    'a tag in another spelling': `${good.slice(0, -1)}${nextInAlphabet(good.at(-1))}`,
    'cut short': good.slice(0, -5),
    'another algorithm': seal('{"sub":"a"}', { alg: 'RSA-OAEP' }),
    'no algorithm': seal('{"sub":"a"}', { alg: 'none' }),
    'another encryption': seal('{"sub":"a"}', { enc: 'A192GCM' }),
    'a critical extension': seal('{"sub":"a"}', { crit: ['exp'], exp: 1 }),
    'a kid that is no text': seal('{"sub":"a"}', { kid: 7 }),
    'an unknown kid': await mint({ ...configuration, id: 'f'.repeat(24) }, { sub: 'a' }),
    'a kid that objects have': await mint({ ...configuration, id: '__proto__' }, { sub: 'a' }),
    'the wrong key': await mint({ ...configuration, publicKey: otherPem }, { sub: 'a' }),
    'a disabled configuration': await mint(disabled, { sub: 'a' }),
    'a deleted configuration': await mint(deleted, { sub: 'a' }),
    'no JSON': seal('sub=alice'),
    'a zip bomb': seal(Buffer.from(deflateRawSync(Buffer.alloc(100 * 1024 ** 2, ' '))), { zip: 'DEF' }),
    'broken compression': seal(Buffer.from([1, 2, 3, 4]), { zip: 'DEF' }),
    'a payload that is a list': seal('[]'),
    'no sub': seal('{}'),
    'sub twice, the last empty': seal('{"sub":"a","sub":""}'),
    'exp as text': seal('{"sub":"a","exp":"4102444800"}'),
    'exp beyond numbers': seal('{"sub":"a","exp":1e999}'),
    'nbf as a list': seal('{"sub":"a","nbf":[1]}'),
    'trc as text': seal('{"sub":"a","trc":"campaign"}'),
    'trc of null': seal('{"sub":"a","trc":[null]}'),
    '10,000 tags': seal(
      JSON.stringify({ sub: 'a', trc: Array.from({ length: 10_000 }, (_, index) => `t${index}`) }),
    ),
    'a tag with a line break': seal(JSON.stringify({ sub: 'a', trc: ['a\nb'] })),
    'half a character in a tag': seal('{"sub":"a","trc":["\\ud800"]}'),
    'sub beyond 1,024 characters': seal(JSON.stringify({ sub: 'a'.repeat(1025) })),
    'prm as text': seal('{"sub":"a","grants":{"prm":"filter"}}'),
    'grants beyond 81,200 characters': seal(
      JSON.stringify({ sub: 'a', grants: { res: ['x'.repeat(81_200 - 3)] } }),
    ),
    'grants as a list': seal('{"sub":"a","grants":[]}'),
    'expired, and with a wrong claim': seal('{"sub":"a","exp":1,"trc":"x"}'),
  };
}

describe('an invalid token', () => {
  it('is rejected with the same response, byte for byte, for every reason', async () => {
    const answers: Record<string, Answer> = {};
    for (const [reason, token] of Object.entries(await invalidTokens())) answers[reason] = await send(token);

    const bodies = new Set(Object.values(answers).map(({ text }) => text));
    for (const [reason, { status, body }] of Object.entries(answers)) {
      expect([reason, status, body['code']]).toEqual([reason, 401, 'token_invalid']);
    }
    expect(bodies.size).toBe(1);
    expect(JSON.parse([...bodies][0] ?? '')).toEqual({
      type: 'urn:watmeter:problem:token_invalid',
      title: expect.any(String),
      detail: expect.any(String),
      status: 401,
      code: 'token_invalid',
    });
    const headersOf = ({ headers }: Answer) =>
      [...headers].filter(([name]) => name !== 'date' && name !== 'keep-alive' && name !== 'connection');
    expect(new Set(Object.values(answers).map((answer) => JSON.stringify(headersOf(answer)))).size).toBe(1);
  });

  it('does not count a session', async () => {
    expect((await instance().get('/api/v1/usage/summary')).body).toMatchObject({
      total: 0,
      completeThrough: null,
    });
  });

  it('leaves the process ready to exchange valid tokens', async () => {
    expect((await instance().get('/health/ready')).status).toBe(200);
    expect((await sendClaims({ sub: 'alice' })).status).toBe(200);
  });
});

describe('the checks of an exchange', () => {
  const now = Date.now() / 1000;

  it('validate claims, then nbf, then exp', async () => {
    expect((await sendClaims({ sub: 'a', nbf: now + 60, exp: now - 60 })).body['code']).toBe(
      'token_not_yet_valid',
    );
    expect((await sendClaims({ sub: 'a', nbf: now - 60, exp: now - 30 })).body['code']).toBe('token_expired');
    expect((await sendClaims({ nbf: now + 60, exp: now - 60 })).body['code']).toBe('token_invalid');
  });

  it.each([
    ['token_expired', [{ exp: 0 }, { exp: -1 }, { exp: now - 0.5, trc: ['a'] }]],
    ['token_not_yet_valid', [{ nbf: now + 3600 }, { nbf: 1e300, exp: null }, { nbf: now + 60.5, exp: 1 }]],
  ])('return the same body for every %s', async (code, claims) => {
    const answers = await Promise.all(claims.map((members) => sendClaims({ sub: 'a', ...members })));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401, body: { code, status: 401 } });
    expect(answers[0]?.headers.get('cache-control')).toBe('no-store');
  });
});
