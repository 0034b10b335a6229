import { beforeAll, describe, expect, it } from 'vitest';
import { useInstance } from '../../integration/http/support/instance.ts';
import { browserHeaders, countSessions, visit } from '../../integration/http/support/links.ts';
import { mint, type TestConfiguration } from '../../support/api.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';

const path = '/api/v1/wat/session/redeem';

describeOnControlStore((stores) => {
  const target = 'http://app.example:8443';
  const env = { LINK_TARGET_URL: target, LINK_HANDOFF: 'code', TRUST_PROXY: 'true', LOG_LEVEL: 'trace' };
  const instance = useInstance(env, stores);
  let configuration: TestConfiguration;
  let token: string;
  beforeAll(async () => {
    configuration = await instance().configuration('Codes');
    token = await mint(configuration, { sub: 'alice' });
  });

  /** Requests a link and returns the code in the redirect to the target. */
  async function openLink(query = ''): Promise<string> {
    const { status, headers } = await visit(instance().url, `/wat/${token}/a${query}`, {
      headers: browserHeaders,
    });
    expect(status).toBe(303);
    expect(headers.getSetCookie()).toEqual([]);
    expect([headers.get('cache-control'), headers.get('referrer-policy')]).toEqual([
      'no-store',
      'no-referrer',
    ]);
    const location = new URL(headers.get('location') ?? '');
    expect(location.href.startsWith(`${target}/a?`)).toBe(true);
    const codes = location.searchParams.getAll('wat_code');
    expect(codes).toHaveLength(1);
    return codes[0] ?? '';
  }
  const redeem = (body: unknown, headers = {}) => instance().call('POST', path, { body, headers });

  describe('a link with the code hand-off', () => {
    it('starts one session, which the first redemption of the code returns in the form of an exchange response', async () => {
      await instance().session(configuration);
      const before = await countSessions(instance());
      const code = await openLink('?x=1');
      const { status, headers, body } = await redeem({ code });
      expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(body).toEqual({
        sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        initialiser: expect.any(String),
        initializer: body['initialiser'],
        webSessionToken: expect.stringMatching(/^wms1\./),
        expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
      });
      const repeated = await redeem({ code });
      expect([repeated.status, repeated.body['code']]).toEqual([401, 'code_invalid']);
      expect(await countSessions(instance())).toBe(before + 1);
    });

    it('returns the same response for used, unknown and malformed codes', async () => {
      const code = await openLink();
      await redeem({ code });
      const answers = [];
      for (const invalid of [code, 'a'.repeat(43), '', 'hello', 'x'.repeat(128)])
        answers.push(await redeem({ code: invalid }));
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(answers[0]?.headers.get('www-authenticate')).toMatch(/^WebAccessToken /);
    });

    it('is redeemed once if ten concurrent requests send its code', async () => {
      const code = await openLink();
      const answers = await Promise.all(Array.from({ length: 10 }, () => redeem({ code })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(401)]);
    });

    it('ignores a wat_code parameter of the link', async () => {
      for (const query of ['?wat_code=evil', '?wat%5Fcode=evil&x=1', '?x=1;wat_code=evil'])
        expect(await openLink(query)).not.toBe('evil');
    });

    it('accepts only a body with the code, and rejects other members, queries and methods', async () => {
      for (const body of [{}, { code: 1 }, { code: 'a', x: 1 }, { code: 'a'.repeat(129) }, []]) {
        const { status, body: problem } = await redeem(body);
        expect([status, problem['code']]).toEqual([400, 'invalid_request']);
      }
      expect(
        (await instance().call('POST', `${path}?x=1`, { body: { code: 'a' }, headers: {} })).status,
      ).toBe(400);
      expect((await instance().call('GET', path, { headers: {} })).headers.get('allow')).toBe('POST');
    });

    it('limits failed redemptions per address, while valid codes are redeemed', async () => {
      const address = { 'x-forwarded-for': '203.0.113.9' };
      const guesses = Array.from({ length: 100 }, () => redeem({ code: 'a'.repeat(43) }, address));
      expect((await Promise.all(guesses)).map(({ status }) => status)).toEqual(Array(100).fill(401));
      expect((await redeem({ code: 'a'.repeat(43) }, address)).status).toBe(429);
      expect((await redeem({ code: await openLink() }, address)).status).toBe(200);
    });

    it('does not write the code to the log', async () => {
      const codes = [await openLink(), await openLink()];
      await redeem({ code: codes[0] });
      await instance().get('/health/live');
      expect(instance().app.output()).toContain(`"route":"${path}"`);
      for (const secret of [...codes, token]) expect(instance().app.output()).not.toContain(secret);
    });
  });
});
