import { createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createSessionTokens,
  decodeGrant,
  encodeGrant,
  maxTokenChars,
  type SessionClaims,
  type SessionGrant,
} from '../../../../src/gateway/sessions/sealed/session-token.ts';
import { createSharedSealing } from '../../../../src/gateway/sessions/sealed/shared-sealing.ts';
import { exampleClaims as claims, sharedKey as key } from '../support/sessions.ts';

const tokens = createSessionTokens(createSharedSealing([key]));
const sealed = (given: SessionClaims = claims) => tokens.seal(given, encodeGrant(given));
const stampOf = ({ sessionId, initialiser, startedAtMs, expiresAtMs }: SessionClaims) => ({
  ...{ sessionId, initialiser, startedAtMs, expiresAtMs },
});
const opened = (token: string) => {
  const result = tokens.open(token);
  return result && { ...result.stamp, ...result.grant };
};

/** Decrypts a session token as its documentation describes, and returns the salt and the nonce. */
function decrypt(token: string) {
  const [version, id, text = ''] = token.split('.');
  expect([version, id]).toEqual(['wms1', key.id]);
  const bytes = Buffer.from(text, 'base64url');
  const [salt, nonce] = [bytes.subarray(0, 16), bytes.subarray(16, 28)];
  const tokenKey = createHmac('sha256', key.secret).update(salt).digest();
  const decipher = createDecipheriv('aes-256-gcm', tokenKey, nonce, { authTagLength: 16 });
  decipher.setAAD(Buffer.from(`wms1.${key.id}/session-token`)).setAuthTag(bytes.subarray(-16));
  decipher.update(bytes.subarray(28, -16));
  decipher.final();
  return { salt: salt.toString('hex'), nonce: nonce.toString('hex') };
}

/** Generates any text that JSON can represent, including lone surrogates. */
const text = fc.string({ unit: 'binary' });
const anyText = fc.oneof(text, fc.constantFrom('\ud800', 'a\udc00b', '__proto__', '\n', '"', '\\', '\u2028'));
const seconds = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: undefined });
const anyGrant: fc.Arbitrary<SessionGrant> = fc.record({
  configurationId: fc.constant(claims.configurationId),
  organisationId: anyText,
  subject: anyText,
  tags: fc.array(anyText),
  tokenDigest: fc.constant(claims.tokenDigest),
  tokenTimes: fc.record({ expiresAtS: seconds, notBeforeS: seconds, issuedAtS: seconds }),
  isLinkEntry: fc.boolean(),
  passthroughClaims: fc.dictionary(text, fc.jsonValue()).map((value) => JSON.stringify(value)),
});

/** Returns the grant without negative zeros, which JSON cannot represent. */
const withoutMinus = (grant: SessionGrant): SessionGrant => JSON.parse(JSON.stringify(grant));

describe('a session token', () => {
  it('decrypts to the claims that were encrypted', () => {
    expect(opened(sealed())).toEqual(claims);
    expect(opened(sealed({ ...claims, isLinkEntry: true }))).toEqual({ ...claims, isLinkEntry: true });
  });

  it('decrypts to the grant that was encrypted, for any subject, tags, organisation, times and passthrough claims', () => {
    fc.assert(
      fc.property(anyGrant, (grant) => {
        const result = tokens.open(tokens.seal(claims, encodeGrant(grant)));
        if (sealed({ ...claims, ...grant }).length > maxTokenChars) return result === undefined;
        expect(result?.stamp).toEqual(stampOf(claims));
        expect(withoutMinus(result?.grant as SessionGrant)).toEqual(withoutMinus(grant));
        expect(result?.grant?.passthroughClaims).toBe(grant.passthroughClaims);
        return true;
      }),
    );
  });

  it('is accepted by each gateway that has the key of the token, even if newer keys exist', () => {
    const newer = { id: 'session-token-2', secret: randomBytes(32) };
    const rotated = createSessionTokens(createSharedSealing([newer, key]));
    expect(rotated.open(sealed())?.stamp.sessionId).toBe(claims.sessionId);
    const token = rotated.seal(claims, encodeGrant(claims));
    expect(token).toMatch(/^wms1\.session-token-2\./);
    expect(rotated.open(token)?.grant?.subject).toBe(claims.subject);
    expect(tokens.open(token)).toBeUndefined();
  });

  it('does not reveal any claim, neither in its text nor in its decoded bytes', () => {
    const token = sealed();
    expect(token).toMatch(/^[\w.-]+$/);
    const shown = token + Buffer.from(token.split('.')[2] ?? '', 'base64url').toString('latin1');
    for (const hidden of ['alice', 'newsletter', 'dashboard', claims.initialiser, claims.sessionId]) {
      expect(shown).not.toContain(hidden);
    }
  });

  it('never has the same salt and nonce as another token, even from another gateway', () => {
    const seen = new Set<string>();
    for (let gateway = 0; gateway < 4; gateway += 1) {
      const gatewayTokens = createSessionTokens(createSharedSealing([key]));
      for (let count = 0; count < 500; count += 1) {
        const { salt, nonce } = decrypt(gatewayTokens.seal(claims, encodeGrant(claims)));
        seen.add(`${salt}.${nonce}`);
      }
    }
    expect(seen.size).toBe(2000);
  });
});

describe('createSessionTokens().open', () => {
  it('rejects a token with any character changed, removed, duplicated or inserted', () => {
    const token = sealed();
    for (let at = 0; at < token.length; at += 1) {
      const [before, char = '', after] = [token.slice(0, at), token[at], token.slice(at + 1)];
      for (const other of [char === 'A' ? 'B' : 'A', '', char + char, '.', '=', ' ', '\u00e9'])
        if (other !== char)
          expect([at, other, tokens.open(before + other + after)]).toEqual([at, other, undefined]);
    }
  });

  it('rejects a token with any byte changed', () => {
    const [version, id, body = ''] = sealed().split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      for (const bit of [1, 128]) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ bit;
        expect(tokens.open(`${version}.${id}.${changed.toString('base64url')}`)).toBeUndefined();
      }
    }
  });

  it('rejects a token whose bytes are not in canonical base64url', () => {
    const token = tokens.seal({ ...claims, initialiser: 'ab' }, encodeGrant(claims));
    const [version, id, body = ''] = token.split('.');
    const spellings = [`${body}=`, `${body}\n`, ` ${body}`, body.replaceAll('-', '+').replaceAll('_', '/')];
    for (const other of spellings.filter((spelling) => spelling !== body))
      expect(tokens.open(`${version}.${id}.${other}`)).toBeUndefined();
  });

  it('rejects tokens of other keys, texts encrypted for another purpose, truncated tokens and any other text', () => {
    const others = createSharedSealing([{ ...key, secret: randomBytes(32) }]);
    expect(tokens.open(createSessionTokens(others).seal(claims, encodeGrant(claims)))).toBeUndefined();
    const sealing = createSharedSealing([key]);
    expect(
      tokens.open(sealing.seal(`{"sid":"a","ini":"b","iat":1,"exp":2}`, 'session_claims/a')),
    ).toBeUndefined();
    expect(tokens.open(sealing.seal('{}', 'session-token'))).toBeUndefined();
    const token = sealed();
    for (let length = 0; length < token.length; length += 1)
      expect(tokens.open(token.slice(0, length))).toBeUndefined();
    fc.assert(fc.property(anyText, (any) => tokens.open(any) === undefined));
    fc.assert(fc.property(anyText, (any) => tokens.open(`wms1.${key.id}.${any}`) === undefined));
  });
});

describe('the size limit of a session token', () => {
  const withGrants = (chars: number): SessionClaims => ({
    ...claims,
    passthroughClaims: `{"thm":"${'x'.repeat(chars)}"}`,
  });

  it('allows grants that fill the token to at least 50 characters below its maximum length', () => {
    let [most, least] = [0, 10_000];
    while (least - most > 1) {
      const middle = Math.floor((most + least) / 2);
      if (tokens.fits(encodeGrant(withGrants(middle)))) most = middle;
      else least = middle;
    }
    const longest = { ...withGrants(most), startedAtMs: 9_999_999_999_999, expiresAtMs: 9_999_999_999_999 };
    expect(sealed(longest).length).toBeLessThanOrEqual(maxTokenChars);
    expect(sealed(longest).length).toBeGreaterThan(maxTokenChars - 50);
  });

  it('counts bytes, not characters', () => {
    const grant = encodeGrant({ ...claims, subject: '日'.repeat(900) });
    expect(grant.length).toBeLessThan(1500);
    expect(tokens.fits(grant)).toBe(false);
  });

  it('does not apply to a token that refers to stored claims', () => {
    const token = tokens.seal(claims, undefined);
    expect(tokens.open(token)).toEqual({ stamp: stampOf(claims), grant: undefined });
    expect(token.length).toBeLessThan(400);
  });
});

describe('an encoded grant', () => {
  it('decodes to the grant that was encoded', () => {
    fc.assert(
      fc.property(anyGrant, (grant) => {
        const result = decodeGrant(encodeGrant(grant));
        expect(withoutMinus(result as SessionGrant)).toEqual(withoutMinus(grant));
      }),
    );
  });

  it('decodes to undefined if it has another version', () => {
    for (const other of ['', '{}', '{}\n{}', 'null\n{}', '[]\n', '{"cid":1}\n{}'])
      expect(decodeGrant(other)).toBeUndefined();
  });
});
