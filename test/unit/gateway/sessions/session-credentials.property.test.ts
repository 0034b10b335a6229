import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameText, readCredential } from '../../../../src/gateway/sessions/session-credentials.ts';

const token = 'wms1.session-token-1.AAAA';
const cookies = { wat_session: 'wms1.session-token-1.BBBB' };

describe('readCredential', () => {
  it('reads the Authorization header, with or without Bearer, and the initialiser header in either spelling', () => {
    for (const authorization of [token, `Bearer ${token}`, `bearer  ${token}`, ` ${token} `])
      for (const name of ['initialiser', 'initializer']) {
        const credential = readCredential({ authorization, [name]: 'secret' }, {});
        expect(credential).toEqual({ token, initialisers: ['secret'], from: 'headers' });
      }
  });

  it('returns both initialisers if both header spellings are present', () => {
    const credential = readCredential({ authorization: token, initialiser: 'a', initializer: 'b' }, {});
    expect(credential?.initialisers).toEqual(['a', 'b']);
  });

  it('reads the cookie if none of the headers is present', () => {
    expect(readCredential({}, cookies)).toEqual({
      ...{ token: cookies.wat_session, initialisers: [], from: 'cookie' },
    });
  });

  it('returns undefined if a header is present but incomplete, even with a cookie', () => {
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

  it('returns undefined without a credential', () => {
    expect(readCredential({}, {})).toBeUndefined();
    expect(readCredential({}, { wat_session: '' })).toBeUndefined();
    expect(readCredential({ 'x-authorization': token }, { watmeter_ui: 'a' })).toBeUndefined();
  });

  it('never returns header credentials without an initialiser, for any header values', () => {
    const text = fc.option(fc.string(), { nil: undefined });
    fc.assert(
      fc.property(text, text, text, text, (authorization, initialiser, initializer, cookie) => {
        const credential = readCredential(
          {
            ...(authorization !== undefined && { authorization }),
            ...(initialiser !== undefined && { initialiser }),
            ...(initializer !== undefined && { initializer }),
          },
          { wat_session: cookie },
        );
        if (credential?.from === 'headers') expect(credential.initialisers.length).toBeGreaterThan(0);
        if (credential?.from === 'cookie') expect(authorization).toBeUndefined();
      }),
    );
  });
});

describe('isSameText', () => {
  it('returns true only if all characters are equal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (left, right) => {
        expect(isSameText(left, left)).toBe(true);
        expect(isSameText(left, right)).toBe(left === right);
        expect(isSameText(left, `${left}a`)).toBe(false);
      }),
    );
  });
});
