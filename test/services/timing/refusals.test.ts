import { generateKeyPairSync } from 'node:crypto';
import { Agent, request } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { addApiToken, addOrganisation, useInstance } from '../../integration/http/support/instance.ts';
import { call, createConfiguration, mint, type TestConfiguration } from '../../support/api.ts';
import { compare } from '../../support/distributions.ts';
import { sealPrivateKey } from '../../unit/tokens/support/control.ts';

const instance = useInstance();
const rounds = 400;
const warmUpRounds = 20;

/**
 * Sends POST requests over one keep-alive connection. Returns the milliseconds from the last byte sent to the last
 * byte received.
 */
function createStopwatch(path: string, headers: Record<string, string> = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return (body: object) =>
    new Promise<{ ms: number; answer: string }>((resolve, reject) => {
      const text = JSON.stringify(body);
      const length = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      const options = { method: 'POST', agent, headers: { ...headers, ...length } };
      const started = performance.now();
      const outgoing = request(instance().url + path, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const ms = performance.now() - started;
          resolve({ ms, answer: Buffer.concat(chunks).toString() });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(text);
    });
}

type Times = Readonly<Record<string, readonly number[]>>;

/**
 * Measures each kind of request once per round, in a new order each round, so that other load on the machine affects
 * all kinds equally.
 */
async function measure(post: ReturnType<typeof createStopwatch>, bodies: Record<string, object>) {
  const kinds = Object.entries(bodies);
  const times = Object.fromEntries(kinds.map(([kind]) => [kind, [] as number[]]));
  const answers = new Set<string>();
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    for (const [kind, body] of shuffled(kinds)) {
      const { ms, answer } = await post(body);
      answers.add(answer);
      if (round >= 0) times[kind]?.push(ms);
    }
  }
  return { times, answers: [...answers] };
}

function shuffled<T>(items: readonly T[]): T[] {
  const keyed = items.map((item) => ({ item, key: Math.random() }));
  return keyed.sort((left, right) => left.key - right.key).map(({ item }) => item);
}

/** Returns the token with one changed character in the middle of a part. */
function tamper(token: string, partIndex: number): string {
  const parts = token.split('.');
  const part = parts[partIndex] as string;
  const middle = part.length >> 1;
  const replacement = part[middle] === 'A' ? 'B' : 'A';
  return parts.with(partIndex, part.slice(0, middle) + replacement + part.slice(middle + 1)).join('.');
}

/** Returns the token with these bytes as its encrypted content key. */
function withEncryptedKey(token: string, bytes: Buffer): string {
  return token.split('.').with(1, bytes.toString('base64url')).join('.');
}

/**
 * Expects that no kind of request can be distinguished from the first by its time. With 400 samples each, chance
 * changes the superiority (see distributions.ts) by 0.02, and a 50 % longer time changes it by 0.4.
 */
function expectAlike(times: Times): void {
  const [[, reference] = ['', []], ...compared] = Object.entries(times);
  expect(reference.length).toBe(rounds);
  for (const [kind, values] of compared) {
    const { shift, superiority } = compare(values, reference);
    console.log(`${kind}: median ${(100 * shift).toFixed(1)} % away, superiority ${superiority.toFixed(3)}`);
    expect.soft(Math.abs(superiority - 0.5), kind).toBeLessThan(0.15);
    expect.soft(Math.abs(shift), kind).toBeLessThan(0.15);
  }
}

describe('the response time of a refusal', () => {
  const claims = { sub: 'alice', exp: 4_102_444_800 };
  const unknownId = '0123456789abcdef01234567';
  const configurations = '/api/v1/web-access-tokens/configurations';
  let known: TestConfiguration;
  let other: TestConfiguration;
  let times: Times;
  beforeAll(async () => {
    known = await createConfiguration(instance().url, 'Known');
    other = await createConfiguration(instance().url, 'Other');
  });

  it('does not reveal whether the configuration exists or why the token is invalid', async () => {
    const deleted = await createConfiguration(instance().url, 'Deleted');
    await call(instance().url, 'DELETE', `${configurations}/${deleted.id}`);
    const good = await mint(known, claims);
    const tokens: Record<string, string> = {
      'wrong key': await mint({ ...known, publicKey: other.publicKey }, claims),
      'unknown kid': await mint({ ...other, id: unknownId }, claims),
      'unknown kid of a known key': await mint({ ...known, id: unknownId }, claims),
      'deleted configuration': await mint(deleted, claims),
      'changed encrypted key': tamper(good, 1),
      'changed vector': tamper(good, 2),
      'changed content': tamper(good, 3),
      'changed tag': tamper(good, 4),
      // A faster rejection of these tokens would reveal the modulus, and with it the public key.
      'encrypted key beyond the modulus': withEncryptedKey(good, Buffer.alloc(256, 0xff)),
      'encrypted key that is too long': withEncryptedKey(good, Buffer.alloc(300, 1)),
      'encrypted key that is too short': withEncryptedKey(good, Buffer.alloc(5, 1)),
    };
    const bodies = Object.entries(tokens).map(([kind, token]) => [kind, { webAccessToken: token }]);
    const measured = await measure(
      createStopwatch('/api/v1/wat/sessionToken'),
      Object.fromEntries(bodies) as Record<string, object>,
    );
    times = measured.times;
    expect(measured.answers).toEqual([expect.stringContaining('token_invalid')]);
    expectAlike(times);
  });

  it('is measured precisely enough to detect a factor of 3/2 or 2/3', () => {
    const reference = times['wrong key'] ?? [];
    for (const factor of [2 / 3, 1.5]) {
      const { superiority } = compare(
        (times['unknown kid'] ?? []).map((ms) => factor * ms),
        reference,
      );
      expect(Math.abs(superiority - 0.5)).toBeGreaterThan(0.15);
    }
  });

  it('does not reveal that a configuration has an old key in addition to the new key', async () => {
    const rotated = await createConfiguration(instance().url, 'Rotated');
    const { control } = instance();
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = { id: 'rotated', private_key: sealPrivateKey(control, 'rotated', privateKey) };
    const columns = {
      configuration_id: rotated.id,
      public_key_digest: '',
      accepted_until: null,
      created_at: 1,
    };
    await control.store
      .insertInto('configuration_keys')
      .values({ ...key, ...columns })
      .execute();
    // The process reloads configurations after this change, and loads the new key with them.
    await call(instance().url, 'PATCH', `${configurations}/${rotated.id}`, { body: { name: 'Has two' } });
    const tokens = await Promise.all(
      [rotated.id, known.id, unknownId].map((id) => mint({ ...other, id }, claims)),
    );
    const [withTwoKeys, withOneKey, withoutKey] = tokens.map((webAccessToken) => ({ webAccessToken }));
    const measured = await measure(createStopwatch('/api/v1/wat/sessionToken'), {
      'two keys': withTwoKeys ?? {},
      'one key': withOneKey ?? {},
      'unknown kid': withoutKey ?? {},
    });
    expect(measured.answers).toEqual([expect.stringContaining('token_invalid')]);
    expectAlike(measured.times);
  });

  it('does not reveal, in a token test, whether a configuration of another organisation exists', async () => {
    const organisationId = await addOrganisation(instance());
    const { headers } = await addApiToken(instance(), { scopes: ['tokens:read'], organisationId });
    const measured = await measure(createStopwatch('/api/v1/web-access-tokens/test', headers), {
      'unknown kid': { token: await mint({ ...other, id: unknownId }, claims) },
      "another organisation's": { token: await mint(known, claims) },
    });
    expect(measured.answers).toHaveLength(2);
    for (const answer of measured.answers) expect(JSON.parse(answer)).toMatchObject({ valid: false });
    expectAlike(measured.times);
  });
});
