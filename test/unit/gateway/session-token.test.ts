import { createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSessionTokenSealer, type SessionClaims } from '../../../src/gateway/session-token.ts';

const key = { id: 'session-token-1', secret: randomBytes(32) };

const claims: SessionClaims = {
  sessionId: '01a1fd5f-7165-70a5-a1a5-5bedbfaea5db',
  configurationId: '65f0c0ffee65f0c0ffee0001',
  organisationId: 'default',
  subject: 'alice@example.com',
  tags: ['newsletter'],
  initialiser: '8CGS8A5iUQKTrjEAc7_RYw',
  startedAtMs: 1_795_000_000_000,
  expiresAtMs: 1_795_028_800_000,
  carried: '{"grants":{"res":["dashboard:1"]}}',
};

interface Opened {
  readonly salt: string;
  readonly nonce: string;
  readonly text: string;
}

/** Opens a session token as its description says: another gateway must be able to. */
function open(token: string, secret: Uint8Array = key.secret): Opened {
  const [version, id, text = ''] = token.split('.');
  expect([version, id]).toEqual(['wms1', key.id]);
  const bytes = Buffer.from(text, 'base64url');
  const [salt, nonce] = [bytes.subarray(0, 16), bytes.subarray(16, 28)];
  const tokenKey = createHmac('sha256', secret).update(salt).digest();
  const decipher = createDecipheriv('aes-256-gcm', tokenKey, nonce, { authTagLength: 16 });
  decipher.setAAD(Buffer.from(`wms1.${key.id}`)).setAuthTag(bytes.subarray(-16));
  const opened = Buffer.concat([decipher.update(bytes.subarray(28, -16)), decipher.final()]);
  return { salt: salt.toString('hex'), nonce: nonce.toString('hex'), text: opened.toString() };
}

describe('a session token', () => {
  it('opens under the shared key to what was sealed', () => {
    expect(JSON.parse(open(createSessionTokenSealer(key)(claims)).text)).toEqual({
      sid: claims.sessionId,
      cid: claims.configurationId,
      oid: 'default',
      sub: 'alice@example.com',
      trc: ['newsletter'],
      ini: claims.initialiser,
      iat: claims.startedAtMs,
      exp: claims.expiresAtMs,
      carried: { grants: { res: ['dashboard:1'] } },
    });
  });

  it('is JSON inside for any subject, tags, organisation and carried claims', () => {
    const seal = createSessionTokenSealer(key);
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(
        text,
        fc.array(text),
        text,
        fc.dictionary(text, fc.jsonValue()),
        (subject, tags, organisationId, more) => {
          const carried = JSON.stringify(more);
          const opened = JSON.parse(open(seal({ ...claims, subject, tags, organisationId, carried })).text);
          expect([opened.sub, opened.trc, opened.oid]).toEqual(
            [subject, tags, organisationId].map((one) => JSON.parse(JSON.stringify(one))),
          );
          expect(JSON.stringify(opened.carried)).toBe(JSON.stringify(JSON.parse(carried)));
        },
      ),
    );
  });

  it('shows nothing: neither as text nor decoded', () => {
    const token = createSessionTokenSealer(key)(claims);
    expect(token).toMatch(/^[\w.-]+$/);
    const shown = token + Buffer.from(token.split('.')[2] ?? '', 'base64url').toString('latin1');
    for (const hidden of ['alice', 'newsletter', 'dashboard', claims.initialiser, claims.sessionId]) {
      expect(shown).not.toContain(hidden);
    }
  });

  it('does not open with another secret, nor with any byte changed', () => {
    const token = createSessionTokenSealer(key)(claims);
    expect(() => open(token, randomBytes(32))).toThrow();
    const [version, id, text = ''] = token.split('.');
    const bytes = Buffer.from(text, 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => open(`${version}.${id}.${changed.toString('base64url')}`)).toThrow();
    }
  });

  it('never uses a nonce twice under one key, also with several gateways', () => {
    const seen = new Set<string>();
    for (let gateway = 0; gateway < 4; gateway += 1) {
      const seal = createSessionTokenSealer(key);
      for (let count = 0; count < 500; count += 1) {
        const { salt, nonce } = open(seal(claims));
        seen.add(`${salt}.${nonce}`);
      }
    }
    expect(seen.size).toBe(2000);
  });
});
