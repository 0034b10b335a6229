import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameText, readCredential } from '../../../../src/gateway/sessions/session-credentials.ts';

const token = 'wms1.session-token-1.AAAA';
const cookies = { wat_session: 'wms1.session-token-1.BBBB' };

describe('the credential of a request', () => {
  it('is the authorization header, bare or Bearer, with the initialiser in either spelling', () => {
    for (const authorization of [token, `Bearer ${token}`, `bearer  ${token}`, ` ${token} `])
      for (const name of ['initialiser', 'initializer']) {
        const found = readCredential({ authorization, [name]: 'secret' }, {});
        expect(found).toEqual({ token, initialisers: ['secret'], from: 'headers' });
      }
  });

  it('has to hold both spellings where both are there', () => {
    const found = readCredential({ authorization: token, initialiser: 'a', initializer: 'b' }, {});
    expect(found?.initialisers).toEqual(['a', 'b']);
  });

  it('is the cookie where none of the headers is there', () => {
    expect(readCredential({}, cookies)).toEqual({
      ...{ token: cookies.wat_session, initialisers: [], from: 'cookie' },
    });
  });

  it('is nothing where a header is there and is not enough, whatever the cookie is', () => {
    for (const headers of [
      { authorization: token },
      { authorization: `Bearer ${token}`, initialiser: '' },
      { initialiser: 'secret' },
      { initializer: 'secret' },
      { authorization: 'Basic YTpi YTpi', initialiser: 'secret' },
      { authorization: '', initialiser: 'secret' },
      { authorization: '' },
    ])
      expect([headers, readCredential(headers, cookies)]).toEqual([headers, undefined]);
  });

  it('is nothing where there is nothing', () => {
    expect(readCredential({}, {})).toBeUndefined();
    expect(readCredential({}, { wat_session: '' })).toBeUndefined();
    expect(readCredential({ 'x-authorization': token }, { watmeter_ui: 'a' })).toBeUndefined();
  });

  it('never comes from a header without an initialiser, whatever they hold', () => {
    const text = fc.option(fc.string(), { nil: undefined });
    fc.assert(
      fc.property(text, text, text, text, (authorization, initialiser, initializer, cookie) => {
        const found = readCredential(
          {
            ...(authorization !== undefined && { authorization }),
            ...(initialiser !== undefined && { initialiser }),
            ...(initializer !== undefined && { initializer }),
          },
          { wat_session: cookie },
        );
        if (found?.from === 'headers') expect(found.initialisers.length).toBeGreaterThan(0);
        if (found?.from === 'cookie') expect(authorization).toBeUndefined();
      }),
    );
  });
});

describe('secret texts', () => {
  it('are the same only where each character is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        expect(isSameText(one, one)).toBe(true);
        expect(isSameText(one, other)).toBe(one === other);
        expect(isSameText(one, `${one}a`)).toBe(false);
      }),
    );
  });
});
