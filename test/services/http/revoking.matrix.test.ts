import { describe, expect, it, vi } from 'vitest';
import { createActiveToken, createOrganisation, itemsOf } from '../../integration/http/support/access-api.ts';
import { requestPath, requestScopes, useBackEnd } from '../../integration/http/support/back-end.ts';
import { exchange, mint } from '../../support/api.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';

const configurations = '/api/v1/web-access-tokens/configurations';
const nowS = () => Date.now() / 1000;

/** Tests the revocation of single tokens, of subjects and of configurations. */
describeOnControlStore((stores) => {
  const { instance, configuration, backEnd, request, revoke, codeOf, test } = useBackEnd(stores);

  describe(`POST ${requestPath}/revoke`, () => {
    it('makes only the revoked token invalid, from its next use on and even if it is cached', async () => {
      const claims = { sub: 'alice', exp: nowS() + 600 };
      const [token, other] = [await mint(configuration(), claims), await mint(configuration(), claims)];
      for (const valid of [token, other]) expect(await codeOf(valid)).toBeUndefined();
      const { status, body } = await revoke({ token });
      expect(status).toBe(200);
      expect(Object.keys(body)).toEqual(['revokedAt']);
      expect(body['revokedAt']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(await codeOf(token)).toBe('token_revoked');
      expect(await codeOf(other)).toBeUndefined();
      expect((await revoke({ token })).body).toEqual(body);
      expect(await test(token)).toMatchObject({
        valid: false,
        findings: expect.arrayContaining([
          expect.objectContaining({ level: 'logic', severity: 'error', path: '/token' }),
        ]),
      });
      expect(await test(other)).toMatchObject({ valid: true });
    });

    it('identifies a token by its bytes, whatever their text encoding', async () => {
      const token = await mint(configuration(), { sub: 'alice' });
      const padded = ` ${token.split('.').join('=.').replaceAll('_', '/').replaceAll('-', '+')}\n`;
      expect((await revoke({ token: padded })).status).toBe(200);
      expect(await codeOf(token)).toBe('token_revoked');
    });

    it('revokes an expired token like a valid token', async () => {
      const token = await mint(configuration(), { sub: 'alice', exp: nowS() - 60 });
      expect((await revoke({ token })).status).toBe(200);
      expect(await codeOf(token)).toBe('token_expired');
    });

    it.each([
      ['a subject', { sub: 'bob' }],
      ['a configuration', {}],
    ])(
      'makes tokens of %s invalid whose iat is absent or at most the time of the revocation',
      async (_, members) => {
        const revoked = await instance().configuration('Cut off');
        const remembered = await mint(revoked, { sub: 'bob', iat: nowS() });
        expect(await codeOf(remembered)).toBeUndefined();
        const requested = (await request({ configurationId: revoked.id, sub: 'bob' })).body['token'];
        const { body } = await revoke({ configurationId: revoked.id, ...members });
        const cutOffMs = Date.parse(String(body['revokedAt']));
        const codeWithIat = async (iat?: number, sub = 'bob') =>
          codeOf(await mint(revoked, { sub, ...(iat !== undefined && { iat }) }));
        for (const token of [remembered, requested]) expect(await codeOf(token)).toBe('token_revoked');
        for (const iat of [
          0,
          cutOffMs / 1000 - 1,
          cutOffMs / 1000,
          Math.floor(cutOffMs / 1000),
          undefined,
          cutOffMs,
        ])
          expect([iat, await codeWithIat(iat)]).toEqual([iat, 'token_revoked']);
        for (const iat of [(cutOffMs + 1) / 1000, Math.floor(cutOffMs / 1000) + 1])
          expect([iat, await codeWithIat(iat)]).toEqual([iat, undefined]);
        expect(await codeWithIat(0, 'carol')).toBe('sub' in members ? undefined : 'token_revoked');
        // A token that is requested after the response is valid.
        expect(
          await codeOf((await request({ configurationId: revoked.id, sub: 'bob' })).body['token']),
        ).toBeUndefined();
      },
    );

    it('makes exchanges fail after the exp check with the same response body, and the refusals are counted by reason', async () => {
      const revoked = await instance().configuration('Counted');
      await revoke({ configurationId: revoked.id });
      const send = async (claims: Record<string, unknown>) =>
        exchange(instance().url, await mint(revoked, { sub: 'a', ...claims }));
      expect((await send({ exp: 1 })).body['code']).toBe('token_expired');
      expect((await send({ nbf: 4e9 })).body['code']).toBe('token_not_yet_valid');
      const answers = [await send({}), await send({ iat: 1, sub: 'b' })];
      expect(answers.map(({ status, text }) => [status, text])).toEqual(
        answers.map(() => [401, answers[0]?.text]),
      );
      expect(answers[0]?.body).toEqual({
        type: 'urn:watmeter:problem:token_revoked',
        title: expect.any(String),
        detail: expect.any(String),
        ...{ status: 401, code: 'token_revoked' },
      });
      const refusals = itemsOf(await instance().get('/api/v1/refusals?limit=500'));
      expect(refusals).toContainEqual(
        expect.objectContaining({ configurationId: revoked.id, reason: 'revoked', refusals: 2 }),
      );
      const { text } = await instance().get('/metrics', {});
      expect(text).toMatch(/watmeter_exchanges_total\{outcome="revoked"\} \d/);
    });

    it.each([
      [{}],
      [{ endSessions: true }],
      [{ sub: 'alice' }],
      [{ token: 'a', configurationId: 'b' }],
      [{ token: 'a', sub: 'b' }],
      [{ token: 'a', configurationId: 'b', sub: 'c' }],
      [{ configurationId: 'b', sub: '' }],
      [{ configurationId: 'b', sub: null }],
      [{ configurationId: 'b', endSessions: 'yes' }],
      [{ configurationId: 'b', everything: true }],
    ])('rejects %j, which is not exactly one of the accepted forms', async (body) => {
      const answer = await revoke(body);
      expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_request']);
      expect(answer.body['errors']).not.toEqual([]);
    });

    it('returns the same response for malformed tokens, unknown tokens and tokens of another organisation', async () => {
      const { id: organisationId } = await createOrganisation(instance());
      const stranger = await createActiveToken(instance(), { scopes: requestScopes, organisationId });
      const token = await mint(configuration(), { sub: 'alice' });
      const answers = [
        await revoke({ token }, stranger.headers),
        await revoke({ token: await mint({ ...configuration(), id: 'f'.repeat(24) }, { sub: 'alice' }) }),
        await revoke({ token: `${token}A` }),
        await revoke({ token: await mint(configuration(), {}) }),
        await revoke({ token: 'garbage' }),
        await revoke({ token: '' }),
      ];
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(answers[0]).toMatchObject({ status: 404, body: { code: 'web_access_token_not_found' } });
      expect(await codeOf(token)).toBeUndefined();
      for (const body of [
        { configurationId: configuration().id },
        { configurationId: configuration().id, sub: 'a' },
      ])
        expect(await revoke(body, stranger.headers)).toMatchObject({
          status: 404,
          body: { code: 'configuration_not_found' },
        });
    });

    it('is recorded in the audit log with actor and target, without the token or the viewer', async () => {
      const revoked = await instance().configuration('Audited');
      const token = await mint(revoked, { sub: 'zoe-51b2' });
      await revoke({ token });
      await revoke({ configurationId: revoked.id, sub: 'zoe-51b2', endSessions: true });
      await revoke({ configurationId: revoked.id });
      const { text, body } = await instance().get('/api/v1/audit?limit=500');
      const lines = (body['items'] as Record<string, unknown>[]).filter(
        ({ target, action }) => target === revoked.id && action === 'token.revoke',
      );
      const by = { actor: `api-token:${backEnd().id}`, result: 'OK', organisationId: 'default' };
      expect(lines).toMatchObject([
        { ...by, details: { of: 'configuration', endSessions: false } },
        { ...by, details: { of: 'subject', endSessions: true } },
        { ...by, details: { of: 'token', tokenDigest: expect.stringMatching(/^[\w-]{43}$/) } },
      ]);
      for (const secret of ['zoe-51b2', token.slice(-30)]) expect(text).not.toContain(secret);
    });

    it('can end the sessions of a deleted configuration', async () => {
      const revoked = await instance().configuration('Deleted');
      await instance().call('DELETE', `${configurations}/${revoked.id}`);
      expect((await revoke({ configurationId: revoked.id, endSessions: true })).status).toBe(200);
    });
  });

  it('a token that another process revoked is rejected within 2 seconds', async () => {
    const token = await mint(configuration(), { sub: 'elsewhere' });
    expect(await codeOf(token)).toBeUndefined();
    const reach = { organisationId: 'default', configurationIds: undefined };
    const { control } = instance();
    await control.revocationService.revoke(
      { configurationId: configuration().id, subject: 'elsewhere' },
      false,
      reach,
    );
    await vi.waitFor(async () => expect(await codeOf(token)).toBe('token_revoked'), {
      timeout: 2000,
      interval: 50,
    });
  });
});
