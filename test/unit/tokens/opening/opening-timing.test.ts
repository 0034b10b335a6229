import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createBlockingDecrypter } from '../../../../src/tokens/opening/decrypter.ts';
import { createTokenCache } from '../../../../src/tokens/opening/token-cache.ts';
import { createTokenOpener } from '../../../../src/tokens/opening/token-opener.ts';
import {
  addConfiguration,
  createManualClock,
  mint,
  openTemporaryControl,
  organisation,
} from '../support/control.ts';

function median(values: number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Returns the token with these bytes as its encrypted content key. */
function withEncryptedKey(token: string, bytes: Buffer): string {
  return token.split('.').with(1, bytes.toString('base64url')).join('.');
}

/** Returns the token with one changed character in its last part, the authentication tag. */
function withWrongTag(token: string): string {
  const at = token.length - 10;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}

describe('the time of a rejection', () => {
  const unknownId = '0123456789abcdef01234567';

  it('does not reveal whether a configuration exists or why a token is rejected', async () => {
    const clock = createManualClock();
    const control = await openTemporaryControl(clock);
    const { keyring, configurations } = control;
    const known = await addConfiguration(control);
    const disabled = await addConfiguration(control);
    const other = await configurations.create('Other', organisation);
    await configurations.change(disabled, { enabled: false }, organisation);
    const tokenCache = createTokenCache(1024 ** 2);
    const opener = createTokenOpener({ keyring, decrypter: createBlockingDecrypter(), tokenCache, clock });

    const foreign = createPublicKey(other.publicKeyPem);
    const claims = { sub: 'alice', exp: 4_102_444_800 };
    const tokens: Record<string, string> = {
      'wrong key': await mint(known, claims, foreign),
      'unknown kid': await mint(unknownId, claims, foreign),
      'changed content': withWrongTag(await mint(known, claims)),
      'disabled configuration': await mint(disabled, claims),
      // If these tokens were rejected faster, an attacker could find the modulus, and with it the public key.
      'a key beyond the modulus': withEncryptedKey(await mint(known, claims), Buffer.alloc(256, 0xff)),
      'a key that is too long': withEncryptedKey(await mint(known, claims), Buffer.alloc(300, 1)),
      'a key that is too short': withEncryptedKey(await mint(known, claims), Buffer.alloc(5, 1)),
      'a key beyond any modulus': withEncryptedKey(await mint(unknownId, claims), Buffer.alloc(256, 0xff)),
    };
    const times = Object.fromEntries(Object.keys(tokens).map((kind) => [kind, [] as number[]]));
    // Measurements are interleaved, so that other load on the machine affects all kinds of tokens equally.
    for (let round = 0; round < 400; round += 1) {
      for (const [kind, token] of Object.entries(tokens)) {
        const startMs = performance.now();
        expect((await opener.open(token)).ok).toBe(false);
        times[kind]?.push(performance.now() - startMs);
      }
    }
    const reference = median(times['wrong key'] ?? []);
    for (const [kind, measured] of Object.entries(times)) {
      expect.soft(median(measured) / reference, kind).toBeGreaterThan(0.5);
      expect.soft(median(measured) / reference, kind).toBeLessThan(2);
    }
    // Thousands of RSA operations take longer than the default limit on a busy machine.
  }, 120_000);
});
