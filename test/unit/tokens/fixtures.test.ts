import { describe, expect, it } from 'vitest';
import { openJwe, parseJwe } from '../../../src/tokens/jwe/jwe.ts';
import { importPrivateKey } from '../../../src/tokens/jwe/private-key.ts';
import {
  acceptedFixtures,
  createFixtureOpener,
  type FixtureToken,
  pkcs8Of,
  refusedFixtures,
} from './support/fixtures.ts';

const opener = createFixtureOpener();

/** Removes leading and trailing white space from a token and decrypts the token, like the exchange. */
const open = (token: string) => opener.open(token.trim());

describe('tokens of other libraries that must be accepted', () => {
  it('are read from all 73 fixtures', () => {
    expect(acceptedFixtures).toHaveLength(73);
  });

  it.each(acceptedFixtures)(
    'decrypt to the expected claims: $name',
    async ({ token, keyFile, header, claims }) => {
      const jwe = parseJwe(token.trim());
      expect(jwe).toMatchObject({ kid: header['kid'], isCompressed: header['zip'] === 'DEF' });
      if (jwe === undefined) throw new Error('not parsed');
      expect(openJwe(jwe, importPrivateKey(pkcs8Of(keyFile)))).toEqual(claims);

      const result = await open(token);
      if (!result.ok) throw new Error(`refused: ${result.reason}`);
      const { passthroughClaims, ...known } = result.token.claims;
      expect(known).toEqual({
        subject: claims['sub'],
        expiresAtS: claims['exp'] ?? undefined,
        notBeforeS: claims['nbf'] ?? undefined,
        issuedAtS: claims['iat'] ?? undefined,
        tags: expectedTags(claims['trc']),
      });
      const { grants, lng, loc, thm } = claims;
      expect(JSON.parse(passthroughClaims)).toEqual(JSON.parse(JSON.stringify({ grants, lng, loc, thm })));
      expect(result.token.configurationId).toBe(header['kid']);
    },
  );

  it('include a token with the same tag in NFC and NFD, which counts as one tag', () => {
    const unicode = acceptedFixtures.find(({ name }) => name.endsWith('trc unicode'));
    const tags = unicode?.claims['trc'] as string[];
    expect(expectedTags(tags)).toHaveLength(tags.length - 1);
  });
});

function expectedTags(trc: unknown): string[] {
  return [...new Set(((trc ?? []) as string[]).map((tag) => tag.normalize('NFC')))];
}

/**
 * Fixtures that fail during decryption. Fixtures in neither this list nor `badClaims` are rejected because of their
 * text or header, before any key is used.
 */
const undecryptable = [
  'cryptography: DEF cut short',
  'cryptography: DEF with a zlib header',
  'hand: tag changed',
  'jwcrypto: decompression bomb',
  'jwcrypto: inflated 512 KiB + 1',
  'jwcrypto: kid of another configuration',
  'jwcrypto: nested JWE',
  'jwcrypto: payload not JSON',
  'jwcrypto: payload not UTF-8',
  'libjose+openssl: DEF but not deflated',
  'libjose+openssl+gzip: inflated 512 KiB + 1',
];
const badClaims =
  /^jwcrypto: (payload a JSON|sub |exp a string|nbf a string|trc |tag |grants an array|res a string)/;

/**
 * Fixtures that may be accepted. RFC 7516 requires readers to ignore parameters that are not critical, so `b64`
 * without `crit` is allowed. No nesting depth is forbidden, but a session cannot contain claims that are nested too
 * deep to be serialised again.
 */
const mayOpen = ['jwcrypto: b64', /1,000 deep/, 'jwcrypto: 100,000 deep in an unknown claim'];

function reasonOf({ name }: FixtureToken): string {
  if (name === 'jwcrypto: kid unknown') return 'unknown-configuration';
  if (undecryptable.includes(name)) return 'undecryptable';
  return badClaims.test(name) || name.includes('100,000 deep') ? 'claims' : 'malformed';
}

const canOpen = ({ name }: FixtureToken) =>
  mayOpen.some((pattern) => (typeof pattern === 'string' ? pattern === name : pattern.test(name)));

describe('invalid or unusual tokens of other libraries', () => {
  it('are read from all 64 fixtures', () => {
    expect(refusedFixtures).toHaveLength(64);
    expect(refusedFixtures.filter(canOpen)).toHaveLength(4);
    expect(refusedFixtures.filter(({ name }) => undecryptable.includes(name))).toHaveLength(11);
  });

  it.each(refusedFixtures.filter((fixture) => !canOpen(fixture)))(
    'are rejected with the expected reason: $name',
    async (fixture) => {
      const result = await open(fixture.token);
      expect(result).toMatchObject({ ok: false, reason: reasonOf(fixture) });
    },
  );

  it.each(refusedFixtures.filter(canOpen))(
    'do not cause an exception if watmeter may accept or reject them: $name',
    async ({ token, name }) => {
      const result = await open(token);
      if (name === 'jwcrypto: b64') expect(result.ok).toBe(true);
      else expect(['claims', undefined]).toContain(result.ok ? undefined : result.reason);
    },
  );
});
