import { join } from 'node:path';
import { compare } from '../../test/support/distributions.ts';
import { createMinter, type TokenKey } from '../load/mint.ts';
import type { Bench } from '../support/bench.ts';
import { withDirectory } from '../support/processes.ts';
import { report } from '../support/progress.ts';
import { round } from '../support/statistics.ts';
import { type Caller, createConfiguration, startWatmeter } from '../support/watmeter.ts';
import { createStopwatch } from './stopwatch.ts';

const defaultRounds = 1000;
const warmUpRounds = 20;
/** Outside these limits, an attacker who can send many requests can find out why a token is rejected. */
const limits = [0.45, 0.55] as const;
const unknownId = '0123456789abcdef01234567';
const configurations = '/api/v1/web-access-tokens/configurations';

/**
 * Compares the response times of all kinds of tokens that are rejected with the same response. Each round sends one token
 * of each kind, in random order. The result is the common-language effect size of each kind, compared with a token with
 * an unknown `kid`: the probability that rejecting a token of this kind takes longer. 0.5 means equal times.
 */
export const refusals: Bench = ({ rounds = defaultRounds }) =>
  withDirectory(async (directory) => {
    const watmeter = await startWatmeter({ dataDir: join(directory, 'data') });
    try {
      const tokens = await createTokens(watmeter.call);
      const post = createStopwatch(`${watmeter.url}/api/v1/wat/sessionToken`);
      const times = await measure(rounds, tokens, post);
      const reference = times['unknownKid'] ?? [];
      const effectSizes = Object.fromEntries(
        Object.entries(times).map(([kind, ms]) => [kind, round(compare(ms, reference).superiority, 3)]),
      );
      const outside = Object.entries(effectSizes).filter(([, size]) => size < limits[0] || size > limits[1]);
      return { figures: { rounds, limits, outside: outside.map(([kind]) => kind) }, ratios: effectSizes };
    } finally {
      await watmeter.stop();
    }
  });

/** Creates one token of each kind. An exchange rejects each of them with `token_invalid`. */
async function createTokens(call: Caller): Promise<Record<string, string>> {
  const [known, other, disabled, deleted, rotated] = await Promise.all(
    ['Known', 'Other', 'Disabled', 'Deleted', 'Rotated'].map((name) => createConfiguration(call, name)),
  );
  if (!known || !other || !disabled || !deleted || !rotated) throw new Error('a configuration is missing');
  await call('PATCH', `${configurations}/${disabled.configurationId}`, { enabled: false });
  await call('POST', `${configurations}/${rotated.configurationId}/rotate`, {
    acceptOldUntil: new Date(Date.now() + 86_400_000).toISOString(),
  });
  await fetchDelete(call, deleted);
  const claims = { sub: 'alice', exp: 4_102_444_800 };
  const mint = (key: TokenKey, configurationId = key.configurationId) =>
    createMinter({ ...key, configurationId })(claims);
  const good = mint(known);
  return {
    unknownKid: mint(other, unknownId),
    unknownKidOfKnownKey: mint(known, unknownId),
    wrongKey: mint(other, known.configurationId),
    wrongKeyOfTwo: mint(other, rotated.configurationId),
    disabled: mint(disabled),
    deleted: mint(deleted),
    changedEncryptedKey: tamper(good, 1),
    changedVector: tamper(good, 2),
    changedContent: tamper(good, 3),
    changedTag: tamper(good, 4),
    // A faster rejection of these tokens would reveal the modulus, and with it the public key.
    keyBeyondModulus: withEncryptedKey(good, Buffer.alloc(256, 0xff)),
    keyTooLong: withEncryptedKey(good, Buffer.alloc(300, 1)),
    keyTooShort: withEncryptedKey(good, Buffer.alloc(5, 1)),
  };
}

/** Deletes a configuration. Ignores the SyntaxError of `call`, which parses the empty body of the response as JSON. */
async function fetchDelete(call: Caller, { configurationId }: TokenKey): Promise<void> {
  await call('DELETE', `${configurations}/${configurationId}`).catch((error: unknown) => {
    if (!(error instanceof SyntaxError)) throw error;
  });
}

async function measure(
  rounds: number,
  tokens: Readonly<Record<string, string>>,
  post: ReturnType<typeof createStopwatch>,
): Promise<Record<string, number[]>> {
  const times = Object.fromEntries(Object.keys(tokens).map((kind) => [kind, [] as number[]]));
  for (let index = -warmUpRounds; index < rounds; index += 1) {
    for (const [kind, webAccessToken] of shuffled(Object.entries(tokens))) {
      const { ms, answer } = await post({ webAccessToken });
      if (!answer.includes('"token_invalid"')) throw new Error(`${kind} is answered with ${answer}`);
      if (index >= 0) times[kind]?.push(ms);
    }
    if (index % 100 === 0) report(`round ${index}`);
  }
  return times;
}

function shuffled<T>(items: readonly T[]): T[] {
  const keyed = items.map((item) => ({ item, key: Math.random() }));
  return keyed.sort((left, right) => left.key - right.key).map(({ item }) => item);
}

/** Returns the token with one changed character in the middle of one of its five parts. */
function tamper(token: string, partIndex: number): string {
  const parts = token.split('.');
  const part = parts[partIndex] as string;
  const middle = part.length >> 1;
  const replacement = part[middle] === 'A' ? 'B' : 'A';
  parts[partIndex] = part.slice(0, middle) + replacement + part.slice(middle + 1);
  return parts.join('.');
}

/** Returns the token with these bytes as its encrypted content key. */
function withEncryptedKey(token: string, bytes: Buffer): string {
  const parts = token.split('.');
  parts[1] = bytes.toString('base64url');
  return parts.join('.');
}
