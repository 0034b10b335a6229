import fc from 'fast-check';
import { decodeJwt, importJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { createAssertions } from '../../../../src/gateway/forward-auth/assertions.ts';
import { viewerAssertion, viewerHeaders } from '../../../../src/gateway/forward-auth/viewer-headers.ts';
import { splitPassthroughClaims } from '../../../../src/gateway/sessions/passthrough-claims.ts';
import { exampleClaims as claims } from '../support/sessions.ts';

const names = [
  'Subject',
  'Configuration',
  'Organisation',
  'Session',
  'Language',
  'Locale',
  'Theme',
  'Grants',
];
const carrying = (carried: object) => ({ ...claims, passthroughClaims: JSON.stringify(carried) });
const textOf = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));

describe('splitPassthroughClaims', () => {
  it('returns the JSON text of each claim', () => {
    const value = fc.option(fc.jsonValue(), { nil: undefined });
    fc.assert(
      fc.property(value, value, value, value, (grants, lng, loc, thm) => {
        const all = { grants, lng, loc, thm };
        const texts = Object.fromEntries(Object.entries(all).map(([name, claim]) => [name, textOf(claim)]));
        expect(splitPassthroughClaims(JSON.stringify(all))).toEqual(texts);
      }),
    );
  });

  it('accepts claims with 200,000 levels of nesting', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(splitPassthroughClaims(`{"grants":{"flt":${deep}},"thm":"a"}`)).toMatchObject({ thm: '"a"' });
  });

  it('ignores brackets, quotes and commas inside strings', () => {
    const grants = { res: ['}', '],', '"', '\\', '\\"', '{"lng":"x"}'], '"}': [] };
    const split = splitPassthroughClaims(JSON.stringify({ grants, lng: 'de-DE' }));
    expect(split).toMatchObject({ grants: JSON.stringify(grants), lng: '"de-DE"' });
  });
});

describe('viewerHeaders', () => {
  it('returns one header for each claim of the session', () => {
    const grants = { res: ['dashboards/7'], prm: { filter: true } };
    const headers = viewerHeaders(carrying({ grants, lng: 'de-DE', loc: 'en-US', thm: 'dark' }));
    expect(headers).toEqual({
      'x-wat-subject': 'alice%40example.com',
      'x-wat-configuration': claims.configurationId,
      'x-wat-organisation': 'default',
      'x-wat-session': claims.sessionId,
      'x-wat-language': 'de-DE',
      'x-wat-locale': 'en-US',
      'x-wat-theme': 'dark',
      'x-wat-grants': Buffer.from(JSON.stringify(grants)).toString('base64url'),
    });
  });

  it('returns an empty header for a claim that is missing or cannot be a header', () => {
    for (const carried of [
      {},
      { lng: 7, loc: null, thm: { dark: true } },
      { lng: '', thm: 'x'.repeat(3000) },
    ])
      expect(viewerHeaders(carrying(carried))).toMatchObject({
        ...{ 'x-wat-language': '', 'x-wat-locale': '', 'x-wat-theme': '', 'x-wat-grants': '' },
      });
  });

  it('returns printable ASCII that decodes to the original values, for any claims', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, fc.dictionary(text, fc.jsonValue()), (subject, thm, grants) => {
        const headers = viewerHeaders({ ...carrying({ grants, thm }), subject });
        expect(Object.keys(headers)).toEqual(names.map((name) => `x-wat-${name.toLowerCase()}`));
        for (const value of Object.values(headers)) expect(value).toMatch(/^[\x21-\x7e]*$/);
        expect(decodeURIComponent(headers['x-wat-subject'] ?? '')).toBe(subject);
        const shown = Buffer.from(headers['x-wat-grants'] ?? '', 'base64url').toString();
        if (headers['x-wat-grants'] !== 'ref') expect(shown).toBe(JSON.stringify(grants));
      }),
    );
    expect(viewerHeaders(carrying({ thm: 'a\ud800b' }))['x-wat-theme']).toBe('a%EF%BF%BDb');
  });

  it('returns "ref" instead of grants whose header would exceed 4 KiB', () => {
    const grantsOf = (chars: number) =>
      viewerHeaders(carrying({ grants: { res: ['x'.repeat(chars)] } }))['x-wat-grants'];
    const around = JSON.stringify({ res: [''] }).length;
    expect(grantsOf(3072 - around)).toHaveLength(4096);
    expect(grantsOf(3073 - around)).toBe('ref');
    expect(grantsOf(80_000)).toBe('ref');
  });
});

describe('createAssertions', () => {
  const clock = { nowMs: () => 1_795_000_000_999 };
  const seed = (byte: number) => ({ id: `assertion-${byte}`, secret: Buffer.alloc(32, byte) });
  const config = { issuer: 'https://usage.example' };
  const claimsNow = { currentDate: new Date(1_795_000_000_999) };

  it('signs the claims so that the published key verifies the assertion for 60 seconds', async () => {
    const { sign, keys } = await createAssertions(config, { keys: [seed(1)], clock });
    const grants = { res: ['dashboards/7'] };
    const jwt = await sign(viewerAssertion(carrying({ grants, lng: 'de-DE' })));
    const [key] = keys;
    const { payload, protectedHeader } = await jwtVerify(jwt, await importJWK(key as never), claimsNow);
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'JWT', kid: key?.kid });
    expect(payload).toEqual({
      ...{ iss: config.issuer, sub: claims.subject, iat: 1_795_000_000, exp: 1_795_000_060 },
      ...{ configurationId: claims.configurationId, organisationId: 'default', sessionId: claims.sessionId },
      ...{ lng: 'de-DE', loc: null, thm: null, grants },
    });
    await expect(
      jwtVerify(jwt, await importJWK(key as never), { currentDate: new Date(1_795_000_060_000) }),
    ).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' });
  });

  it('replaces large grants by "ref" and missing grants by null', async () => {
    const { sign } = await createAssertions(config, { keys: [seed(1)], clock });
    const grantsOf = async (carried: object) =>
      decodeJwt(await sign(viewerAssertion(carrying(carried))))['grants'];
    expect(await grantsOf({ grants: { res: ['x'.repeat(9000)] } })).toBe('ref');
    expect(await grantsOf({})).toBeNull();
  });

  it('publishes only public keys, publishes the same keys after each start, and continues to publish older keys', async () => {
    const [first, second, rotated] = await Promise.all(
      [[seed(1)], [seed(1)], [seed(2), seed(1)]].map((keys) =>
        createAssertions(config, { keys: keys as never, clock }),
      ),
    );
    expect(first?.keys).toEqual(second?.keys);
    expect(first?.keys).toEqual([
      {
        kty: 'OKP',
        crv: 'Ed25519',
        x: expect.any(String),
        kid: expect.any(String),
        alg: 'EdDSA',
        use: 'sig',
      },
    ]);
    expect(rotated?.keys.slice(1)).toEqual(first?.keys);
    expect(JSON.stringify(first?.keys)).not.toContain(Buffer.alloc(32, 1).toString('base64url'));
  });
});
