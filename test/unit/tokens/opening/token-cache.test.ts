import { describe, expect, it } from 'vitest';
import { createTokenCache, digestOfToken } from '../../../../src/tokens/opening/token-cache.ts';
import { createOpenedToken } from '../../../support/opened-token.ts';

describe('the token cache', () => {
  it('evicts the least recently used token first', () => {
    const tokens = createTokenCache(10_000);
    tokens.set(createOpenedToken('first', { sub: 'first' }));
    tokens.set(createOpenedToken('second', { sub: 'second' }));
    for (let index = 0; index < 40; index += 1) {
      tokens.set(createOpenedToken(`token-${index}`, { sub: 'other' }));
      expect(tokens.get(digestOfToken('first'))?.claims.subject).toBe('first');
    }
    expect(tokens.get(digestOfToken('second'))).toBeUndefined();
  });

  it('does not store a token that is larger than the limit, and keeps its other tokens', () => {
    const tokens = createTokenCache(10_000);
    tokens.set(createOpenedToken('small', { sub: 'small' }));
    tokens.set(createOpenedToken('large', { sub: 'large', grants: { res: ['a'.repeat(20_000)] } }));
    expect(tokens.get(digestOfToken('large'))).toBeUndefined();
    expect(tokens.get(digestOfToken('small'))?.claims.subject).toBe('small');
  });

  it('stores tokens under a digest that does not contain the start of the token text', () => {
    const token = 'eyJhbGciOiJSU0EtT0FFUC0yNTYifQ.a.b.c.d';
    expect(digestOfToken(token)).toBe(digestOfToken(token));
    expect(digestOfToken(token)).not.toBe(digestOfToken(`${token}e`));
    expect(digestOfToken(token)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(token).not.toContain(digestOfToken(token).slice(0, 8));
  });

  it('does not store tokens if the limit is 0', () => {
    const tokens = createTokenCache(0);
    tokens.set(createOpenedToken('token', { sub: 'alice' }));
    expect(tokens.get(digestOfToken('token'))).toBeUndefined();
  });
});
