import { describe, expect, it } from 'vitest';
import { createSecondUseFilter } from '../../../../src/tokens/opening/second-use-filter.ts';
import { createTokenCache, digestOfToken } from '../../../../src/tokens/opening/token-cache.ts';
import { opened } from '../../../support/opened-token.ts';

function setUp() {
  const tokens = createSecondUseFilter(createTokenCache(16 * 1024 ** 2));
  const isRemembered = (name: string) => tokens.get(digestOfToken(name)) !== undefined;
  const open = (name: string) => tokens.set(opened(name, { sub: 'alice' }));
  return { isRemembered, open };
}

describe('a token that is opened', () => {
  it('is remembered from the second time on', () => {
    const { isRemembered, open } = setUp();
    open('link');
    expect(isRemembered('link')).toBe(false);
    open('link');
    expect(isRemembered('link')).toBe(true);
  });

  it('is not taken for another one: of 5,000 that are opened once next to none is kept', () => {
    const { isRemembered, open } = setUp();
    const names = Array.from({ length: 5000 }, (_, index) => `token-${index}`);
    for (const name of names) open(name);
    expect(names.filter(isRemembered)).toEqual([]);
  });

  it('counts as seen when some thousands came between, most of the time', () => {
    const { isRemembered, open } = setUp();
    const links = Array.from({ length: 100 }, (_, index) => `link-${index}`);
    for (const link of links) open(link);
    for (let index = 0; index < 5000; index += 1) open(`other-${index}`);
    for (const link of links) open(link);
    expect(links.filter(isRemembered).length).toBeGreaterThan(80);
  });
});
