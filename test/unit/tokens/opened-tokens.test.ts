import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createViewerOf } from '../../../src/gateway/viewer.ts';
import { checkClaims } from '../../../src/tokens/claims.ts';
import { createOpenedTokens, digestOfToken, type OpenedToken } from '../../../src/tokens/opened-tokens.ts';

function opened(token: string, claims: object): OpenedToken {
  const checked = checkClaims(JSON.parse(JSON.stringify(claims)));
  if (!checked.ok) throw new Error(checked.claim);
  return {
    digest: digestOfToken(token),
    ...{ configurationId: 'c', organisationId: 'default', keyId: 'k', claims: checked.claims },
  };
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is in use once collecting finds nothing more: one collection leaves what the case before made. */
async function usedBytes(): Promise<number> {
  let known = Number.POSITIVE_INFINITY;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    if (heapUsed + external > known - 64 * 1024) return heapUsed + external;
    known = heapUsed + external;
  }
}

const manyTags = (index: number, letter: string) =>
  Array.from({ length: 64 }, (_, tag) => `${letter}${index}-${tag}`);

describe('memory', () => {
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
    'stays within the limit and a half, with the pseudonyms that are kept beside: %s',
    async (_, count, claimsOf) => {
      const limitBytes = 8 * 1024 ** 2;
      const before = await usedBytes();
      const tokens = createOpenedTokens(limitBytes);
      const viewerOf = createViewerOf(() => Buffer.alloc(32));
      for (let index = 0; index < count; index += 1) {
        const token = opened(`token-${index}`, claimsOf(index));
        tokens.set(token);
        viewerOf(token);
      }
      const grown = (await usedBytes()) - before;
      // It was filled beyond the limit: the first is gone, the last is there.
      expect(tokens.get(digestOfToken('token-0'))).toBeUndefined();
      expect(tokens.get(digestOfToken(`token-${count - 1}`))).toBeDefined();
      expect(grown).toBeGreaterThan(0.3 * limitBytes);
      expect(grown).toBeLessThan(1.5 * limitBytes);
    },
  );
});

describe('what is remembered', () => {
  it('is forgotten least recently used first', () => {
    const tokens = createOpenedTokens(10_000);
    tokens.set(opened('first', { sub: 'first' }));
    tokens.set(opened('second', { sub: 'second' }));
    for (let index = 0; index < 40; index += 1) {
      tokens.set(opened(`token-${index}`, { sub: 'other' }));
      expect(tokens.get(digestOfToken('first'))?.claims.subject).toBe('first');
    }
    expect(tokens.get(digestOfToken('second'))).toBeUndefined();
  });

  it('leaves no room to one token that is larger than the limit', () => {
    const tokens = createOpenedTokens(10_000);
    tokens.set(opened('small', { sub: 'small' }));
    tokens.set(opened('large', { sub: 'large', grants: { res: ['a'.repeat(20_000)] } }));
    expect(tokens.get(digestOfToken('large'))).toBeUndefined();
    expect(tokens.get(digestOfToken('small'))?.claims.subject).toBe('small');
  });

  it('is kept under a digest, which says nothing of the token', () => {
    const token = 'eyJhbGciOiJSU0EtT0FFUC0yNTYifQ.a.b.c.d';
    expect(digestOfToken(token)).toBe(digestOfToken(token));
    expect(digestOfToken(token)).not.toBe(digestOfToken(`${token}e`));
    expect(digestOfToken(token)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(token).not.toContain(digestOfToken(token).slice(0, 8));
  });

  it('is nothing where the limit is 0', () => {
    const tokens = createOpenedTokens(0);
    tokens.set(opened('token', { sub: 'alice' }));
    expect(tokens.get(digestOfToken('token'))).toBeUndefined();
  });
});
