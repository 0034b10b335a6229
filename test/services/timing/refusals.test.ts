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

/** Posts over one connection that stays open; answers the milliseconds from the last byte sent to the last received. */
function createStopwatch(path: string, headers: Record<string, string> = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return (body: object) =>
    new Promise<{ ms: number; answer: string }>((resolve, reject) => {
      const text = JSON.stringify(body);
      const length = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      const options = { method: 'POST', agent, headers: { ...headers, ...length } };
      const started = performance.now();
      const sent = request(instance().url + path, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const ms = performance.now() - started;
          resolve({ ms, answer: Buffer.concat(chunks).toString() });
        });
      });
      sent.on('error', reject);
      sent.end(text);
    });
}

type Times = Readonly<Record<string, readonly number[]>>;

/** Times of each kind, all kinds in each round in a new order: whatever else the machine does falls upon all alike. */
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
  return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item);
}

/** Another character in the middle of a part. */
function tamper(token: string, place: number): string {
  const parts = token.split('.');
  const part = parts[place] as string;
  const at = part.length >> 1;
  const other = part[at] === 'A' ? 'B' : 'A';
  return parts.with(place, part.slice(0, at) + other + part.slice(at + 1)).join('.');
}

/** With these bytes where the encrypted content key was. */
function withEncryptedKey(token: string, bytes: Buffer): string {
  return token.split('.').with(1, bytes.toString('base64url')).join('.');
}

/**
 * That no kind can be told from the first by its time. Chance alone moves the superiority of 400 against 400 by 0.02;
 * half as much time again moves it by 0.4.
 */
function expectAlike(times: Times): void {
  const [[, usual] = ['', []], ...others] = Object.entries(times);
  expect(usual.length).toBe(rounds);
  for (const [kind, values] of others) {
    const { shift, superiority } = compare(values, usual);
    console.log(`${kind}: median ${(100 * shift).toFixed(1)} % away, superiority ${superiority.toFixed(3)}`);
    expect.soft(Math.abs(superiority - 0.5), kind).toBeLessThan(0.15);
    expect.soft(Math.abs(shift), kind).toBeLessThan(0.15);
  }
}

describe('the time of a refusal', () => {
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

  it('does not tell whether there is such a configuration, nor what is wrong', async () => {
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
      // By where these become quick, the modulus could be learned, which is the public key.
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

  it('is compared so that half as much again, or a third less, would be seen', () => {
    const usual = times['wrong key'] ?? [];
    for (const factor of [2 / 3, 1.5]) {
      const { superiority } = compare(
        (times['unknown kid'] ?? []).map((ms) => factor * ms),
        usual,
      );
      expect(Math.abs(superiority - 0.5)).toBeGreaterThan(0.15);
    }
  });

  it('does not tell that a configuration has an old key besides the new one', async () => {
    const rotated = await createConfiguration(instance().url, 'Rotated');
    const { control } = instance();
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = { id: 'rotated', private_key: sealPrivateKey(control, 'rotated', privateKey) };
    const rest = { configuration_id: rotated.id, public_key_digest: '', accepted_until: null, created_at: 1 };
    await control.store
      .insertInto('configuration_keys')
      .values({ ...key, ...rest })
      .execute();
    // Changes are read by the process at once, and with them the key.
    await call(instance().url, 'PATCH', `${configurations}/${rotated.id}`, { body: { name: 'Has two' } });
    const tokens = await Promise.all(
      [rotated.id, known.id, unknownId].map((id) => mint({ ...other, id }, claims)),
    );
    const [two, one, none] = tokens.map((webAccessToken) => ({ webAccessToken }));
    const measured = await measure(createStopwatch('/api/v1/wat/sessionToken'), {
      'two keys': two ?? {},
      'one key': one ?? {},
      'unknown kid': none ?? {},
    });
    expect(measured.answers).toEqual([expect.stringContaining('token_invalid')]);
    expectAlike(measured.times);
  });

  it('does not tell in a test whether a configuration is of another organisation or of nobody', async () => {
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
