import { describe, expect, it } from 'vitest';
import { createSecondUseFilter } from '../../../../src/tokens/opening/second-use-filter.ts';
import { createTokenCache, digestOfToken } from '../../../../src/tokens/opening/token-cache.ts';
import { createOpenedToken } from '../../../support/opened-token.ts';

function setUp() {
  const tokens = createSecondUseFilter(createTokenCache(16 * 1024 ** 2));
  const isCached = (name: string) => tokens.get(digestOfToken(name)) !== undefined;
  const open = (name: string) => tokens.set(createOpenedToken(name, { sub: 'alice' }));
  return { isCached, open };
}

describe('a token in the second-use filter', () => {
  it('is cached at its second use', () => {
    const { isCached, open } = setUp();
    open('link');
    expect(isCached('link')).toBe(false);
    open('link');
    expect(isCached('link')).toBe(true);
  });

  it('is not confused with another token, so that none of 5,000 tokens that are used once is cached', () => {
    const { isCached, open } = setUp();
    const names = Array.from({ length: 5000 }, (_, index) => `token-${index}`);
    for (const name of names) open(name);
    expect(names.filter(isCached)).toEqual([]);
  });

  it('is usually recognised at its second use, even after 5,000 other tokens', () => {
    const { isCached, open } = setUp();
    const links = Array.from({ length: 100 }, (_, index) => `link-${index}`);
    for (const link of links) open(link);
    for (let index = 0; index < 5000; index += 1) open(`other-${index}`);
    for (const link of links) open(link);
    expect(links.filter(isCached).length).toBeGreaterThan(80);
  });
});
