import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createPseudonymiser } from '../../../src/gateway/exchange/pseudonym.ts';
import { createCachedGrantEncoder } from '../../../src/gateway/sessions/sealed/grant-cache.ts';
import { createTokenCache, digestOfToken } from '../../../src/tokens/opening/token-cache.ts';
import { createOpenedToken } from '../../support/opened-token.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/**
 * Returns the memory in use once three consecutive garbage collections free no more memory. One collection is not
 * enough: objects of the previous test case can stay reachable for one event-loop turn.
 */
async function usedBytes(): Promise<number> {
  let lowest = Number.POSITIVE_INFINITY;
  for (let steadyRounds = 0; steadyRounds < 3; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    steadyRounds = heapUsed + external > lowest - 64 * 1024 ? steadyRounds + 1 : 0;
    lowest = Math.min(lowest, heapUsed + external);
  }
  return lowest;
}

const manyTags = (index: number, letter: string) =>
  Array.from({ length: 64 }, (_, tag) => `${letter}${index}-${tag}`);

/** This file runs in its own process, so that garbage of other test files does not affect the measurement. */
describe('the token cache', () => {
  it.each<[string, number, (index: number) => object]>([
    ['few claims', 20_000, (index) => ({ sub: `viewer-${index}` })],
    [
      'times and a tag',
      20_000,
      (index) => ({ sub: `v${index}`, exp: 4e9 + index + 0.5, trc: [`tag-${index}`] }),
    ],
    ['64 tags', 3000, (index) => ({ sub: `v${index}`, trc: manyTags(index, 'a') })],
    ['64 tags beyond Latin', 3000, (index) => ({ sub: `v${index}`, trc: manyTags(index, '日') })],
    ['long subjects', 10_000, (index) => ({ sub: `v${index}`.padEnd(1000, '日') })],
    ['large grants', 800, (index) => ({ sub: `v${index}`, grants: { prm: { a: '日'.repeat(20_000) } } })],
  ])(
    'uses at most 1.5 times its limit, including cached pseudonyms and encoded grants: %s',
    async (_, count, claimsOf) => {
      const limitBytes = 8 * 1024 ** 2;
      const before = await usedBytes();
      const tokens = createTokenCache(limitBytes);
      const pseudonymise = createPseudonymiser(() => Buffer.alloc(32));
      const encodeTokenGrant = createCachedGrantEncoder();
      for (let index = 0; index < count; index += 1) {
        tokens.set(createOpenedToken(`token-${index}`, claimsOf(index)));
        const cached = tokens.get(digestOfToken(`token-${index}`));
        if (cached === undefined) throw new Error('the cache does not hold the token that was just set');
        pseudonymise(cached);
        encodeTokenGrant(cached, 'link');
      }
      const growthBytes = (await usedBytes()) - before;
      // The tokens exceed the limit: the cache has evicted the first ones and contains the last.
      expect(tokens.get(digestOfToken('token-0'))).toBeUndefined();
      expect(tokens.get(digestOfToken(`token-${count - 1}`))).toBeDefined();
      expect(growthBytes).toBeGreaterThan(0.3 * limitBytes);
      expect(growthBytes).toBeLessThan(1.5 * limitBytes);
    },
  );
});
