import { describe, expect, it } from 'vitest';
import { createCachedGrantEncoder } from '../../../../src/gateway/sessions/sealed/grant-cache.ts';
import { decodeGrant } from '../../../../src/gateway/sessions/sealed/session-token.ts';
import { maxAttachedChars } from '../../../../src/tokens/opening/token-cache.ts';
import { createOpenedToken } from '../../../support/opened-token.ts';

const claims = { sub: 'zoë "z"', exp: 4_102_444_800.5, trc: ['a', '日'], grants: { res: ['x'] }, lng: 'de' };

describe('createCachedGrantEncoder', () => {
  it.each(['exchange', 'link'] as const)(
    'encodes the claims of a token for a session that starts by %s',
    (kind) => {
      const token = createOpenedToken('token', claims);
      for (const isCached of [false, true, true]) {
        const text = encodeTokenGrant({ ...token, isCached }, kind);
        expect(decodeGrant(text)).toEqual({
          configurationId: 'c',
          organisationId: 'default',
          subject: claims.sub,
          tags: claims.trc,
          passthroughClaims: '{"grants":{"res":["x"]},"lng":"de"}',
          tokenDigest: token.digest,
          tokenTimes: { expiresAtS: claims.exp, notBeforeS: undefined, issuedAtS: undefined },
          isLinkEntry: kind === 'link',
        });
      }
    },
  );

  it('returns a grant of the requested kind (link or exchange), whatever earlier calls requested', () => {
    const token = { ...createOpenedToken('token', claims), isCached: true };
    const kinds = ['link', 'exchange', 'exchange', 'link', 'link', 'exchange'] as const;
    const results = kinds.map((kind) => decodeGrant(encodeTokenGrant(token, kind))?.isLinkEntry);
    expect(results).toEqual(kinds.map((kind) => kind === 'link'));
  });

  it('returns the grant of the given token, whatever tokens earlier calls encoded', () => {
    const tokens = ['alice', 'bob'].map((sub) => ({ ...createOpenedToken(sub, { sub }), isCached: true }));
    const subjects = [...tokens, ...tokens].map(
      (token) => decodeGrant(encodeTokenGrant(token, 'link'))?.subject,
    );
    expect(subjects).toEqual(['alice', 'bob', 'alice', 'bob']);
  });

  it('encodes a grant that is too large to cache', () => {
    const res = ['x'.repeat(maxAttachedChars)];
    const token = { ...createOpenedToken('token', { sub: 'alice', grants: { res } }), isCached: true };
    const carried = JSON.stringify({ grants: { res } });
    for (const kind of ['link', 'link'] as const)
      expect(decodeGrant(encodeTokenGrant(token, kind))?.passthroughClaims).toBe(carried);
  });
});

const encodeTokenGrant = createCachedGrantEncoder();
