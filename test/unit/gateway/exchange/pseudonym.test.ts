import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPseudonymiser } from '../../../../src/gateway/exchange/pseudonym.ts';
import { checkClaims } from '../../../../src/tokens/claims/claims.ts';
import type { OpenedToken } from '../../../../src/tokens/opening/token-cache.ts';

function tokenOf(subject: string, organisationId = 'default'): OpenedToken {
  const checked = checkClaims({ sub: subject });
  if (!checked.ok) throw new Error(checked.claim);
  return {
    digest: 'd',
    configurationId: 'c',
    organisationId,
    keyId: 'k',
    claims: checked.claims,
    isCached: true,
  };
}

const keyOf = (organisationId: string) => Buffer.from(organisationId.padEnd(32, '.'));

describe('createPseudonymiser', () => {
  it('returns the first 32 hex digits of an HMAC-SHA-256 over the subject, with the key of the organisation', () => {
    const pseudonymise = createPseudonymiser(keyOf);
    const expected = createHmac('sha256', keyOf('default')).update('zoë', 'utf8').digest('hex').slice(0, 32);
    expect(pseudonymise(tokenOf('zoë'))).toBe(expected);
    const token = tokenOf('zoë');
    expect([pseudonymise(token), pseudonymise(token)]).toEqual([expected, expected]);
  });

  it('returns the same pseudonym for the same subject, and a different one for another subject or organisation', () => {
    const pseudonymise = createPseudonymiser(keyOf);
    const viewers = ['alice', 'Alice', 'alice ', 'ali\u0301ce', 'al\u00edce'].map((subject) =>
      pseudonymise(tokenOf(subject)),
    );
    expect(new Set(viewers).size).toBe(5);
    expect(pseudonymise(tokenOf('alice'))).toBe(viewers[0]);
    expect(pseudonymise(tokenOf('alice', 'other'))).not.toBe(viewers[0]);
  });
});
