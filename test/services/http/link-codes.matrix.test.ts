import { beforeAll, describe, expect, it } from 'vitest';
import { useInstance } from '../../integration/http/support/instance.ts';
import { browser, countSessions, visit } from '../../integration/http/support/links.ts';
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

  /** Opens a link and answers the code that comes with the target. */
  async function openLink(query = ''): Promise<string> {
    const { status, headers } = await visit(instance().url, `/wat/${token}/a${query}`, { headers: browser });
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

  describe('a hand-off by code', () => {
    it('is one session, given once, as an exchange gives it', async () => {
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
      const again = await redeem({ code });
      expect([again.status, again.body['code']]).toEqual([401, 'code_invalid']);
      expect(await countSessions(instance())).toBe(before + 1);
    });

    it('has one answer for codes that are used, unknown or no code at all', async () => {
      const code = await openLink();
      await redeem({ code });
      const answers = [];
      for (const one of [code, 'a'.repeat(43), '', 'hello', 'x'.repeat(128)])
        answers.push(await redeem({ code: one }));
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(answers[0]?.headers.get('www-authenticate')).toMatch(/^WebAccessToken /);
    });

    it('is redeemed once, of ten who ask at once', async () => {
      const code = await openLink();
      const answers = await Promise.all(Array.from({ length: 10 }, () => redeem({ code })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(401)]);
    });

    it('does not take a code from the link', async () => {
      for (const query of ['?wat_code=evil', '?wat%5Fcode=evil&x=1', '?x=1;wat_code=evil'])
        expect(await openLink(query)).not.toBe('evil');
    });

    it('asks for nothing but the code, and says what is wrong', async () => {
      for (const body of [{}, { code: 1 }, { code: 'a', x: 1 }, { code: 'a'.repeat(129) }, []]) {
        const { status, body: problem } = await redeem(body);
        expect([status, problem['code']]).toEqual([400, 'invalid_request']);
      }
      expect(
        (await instance().call('POST', `${path}?x=1`, { body: { code: 'a' }, headers: {} })).status,
      ).toBe(400);
      expect((await instance().call('GET', path, { headers: {} })).headers.get('allow')).toBe('POST');
    });

    it('limits who guesses', async () => {
      const from = { 'x-forwarded-for': '203.0.113.9' };
      const guesses = Array.from({ length: 100 }, () => redeem({ code: 'a'.repeat(43) }, from));
      expect((await Promise.all(guesses)).map(({ status }) => status)).toEqual(Array(100).fill(401));
      expect((await redeem({ code: 'a'.repeat(43) }, from)).status).toBe(429);
      expect((await redeem({ code: await openLink() }, from)).status).toBe(200);
    });

    it('leaves no code in the log', async () => {
      const codes = [await openLink(), await openLink()];
      await redeem({ code: codes[0] });
      await instance().get('/health/live');
      expect(instance().app.output()).toContain(`"route":"${path}"`);
      for (const secret of [...codes, token]) expect(instance().app.output()).not.toContain(secret);
    });
  });
});
