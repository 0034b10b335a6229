import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mintToken } from '../../../../src/tokens/issuing/mint.ts';
import { createInlineDecrypter } from '../../../../src/tokens/opening/inline-decrypter.ts';
import { registerSecret } from '../../../support/secret-watch/secrets.ts';

const configurationId = 'a'.repeat(24);
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const key = { id: 'key', pkcs8: () => pkcs8 };

async function mint(sub: string): Promise<string> {
  const token = await mintToken({ configurationId, publicKeyPem, claims: { sub } });
  registerSecret('a minted token', token);
  return token;
}

describe('createInlineDecrypter', () => {
  it('returns the correct result for each of many concurrent tokens', async () => {
    const { decrypt } = createInlineDecrypter();
    const tokens = await Promise.all(Array.from({ length: 80 }, (_, index) => mint(`viewer-${index}`)));
    const results = await Promise.all(tokens.map((token) => decrypt(token, key)));
    expect(results.map((result) => result.ok && result.claims.subject)).toEqual(
      tokens.map((_, index) => `viewer-${index}`),
    );
  });

  it('yields to the event loop before and after 32 tokens in a row', async () => {
    const { decrypt } = createInlineDecrypter();
    const token = await mint('viewer');
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    await Promise.all(Array.from({ length: 100 }, () => decrypt(token, key)));
    clearInterval(timer);
    expect(turns).toBeGreaterThanOrEqual(2);
  });

  it('rejects only the tokens of a key that cannot be read', async () => {
    const { decrypt } = createInlineDecrypter();
    const token = await mint('viewer');
    const unreadable = {
      id: 'unreadable',
      pkcs8: () => {
        throw new Error('sealed under another master key');
      },
    };
    const results = await Promise.allSettled([
      decrypt(token, key),
      decrypt(token, unreadable),
      decrypt(token, key),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('rejects texts that are not tokens of the key', async () => {
    const { decrypt } = createInlineDecrypter();
    const token = await mint('viewer');
    expect(await decrypt('a.b.c.d.e', key)).toEqual({ ok: false, reason: 'malformed' });
    expect(await decrypt(`${token.slice(0, -4)}AAAA`, key)).toEqual({ ok: false, reason: 'undecryptable' });
  });
});
