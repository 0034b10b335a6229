import { describe, expect, it } from 'vitest';
import { exchange, mint, type TestConfiguration } from '../../support/api.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { createActiveToken, createOrganisation, itemsOf } from './support/access-api.ts';
import { requestScopes, useBackEnd } from './support/back-end.ts';

const path = '/api/v1/auth/revocations';
const inOneHour = () => new Date(Date.now() + 3_600_000).toISOString();

/** Tests listing and ending revocations, and the checks and warnings of a new revocation. */
describeOnControlStore((stores) => {
  const { instance, backEnd, revoke, codeOf } = useBackEnd(stores);

  const listOf = async ({ id }: TestConfiguration) =>
    itemsOf(await instance().get(`${path}?limit=500`, backEnd().headers)).filter(
      ({ configurationId }) => configurationId === id,
    );
  const end = (id: unknown, headers = backEnd().headers) =>
    instance().call('DELETE', `${path}/${id}`, { headers });

  describe(`GET ${path}`, () => {
    it('lists revocations of tokens, viewers and configurations, newest first, with their principal and their end', async () => {
      const revoked = await instance().configuration('Listed');
      const until = inOneHour();
      const { id: configurationId } = revoked;
      await revoke({ token: await mint(revoked, { sub: 'carol' }) });
      await revoke({ configurationId, sub: 'dave', endSessions: true });
      await revoke({ configurationId, until });
      const common = { configurationId, organisationId: 'default', revokedBy: `api-token:${backEnd().id}` };
      const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(await listOf(revoked)).toEqual(
        [
          { ...common, kind: 'configuration', subject: null, until, endSessions: false },
          { ...common, kind: 'viewer', subject: 'dave', until: null, endSessions: true },
          { ...common, kind: 'token', subject: null, until: null, endSessions: false },
        ].map((row) => ({ id: expect.any(String), revokedAt: instant, ...row })),
      );
    });

    it('does not list ended sessions, and returns a viewer who is encrypted in the control store', async () => {
      const revoked = await instance().configuration('Sessions');
      const { body } = await exchange(instance().url, await mint(revoked, { sub: 'erin-7c19' }));
      const { webSessionToken, initialiser } = body as Record<string, string>;
      await fetch(`${instance().url}/api/v1/wat/session`, {
        method: 'DELETE',
        headers: { authorization: String(webSessionToken), initialiser: String(initialiser) },
      });
      await revoke({ configurationId: revoked.id, sub: 'erin-7c19' });
      expect((await listOf(revoked)).map(({ kind }) => kind)).toEqual(['viewer']);
      const rows = await instance()
        .control.store.selectFrom('revocations')
        .selectAll()
        .where('configuration_id', '=', revoked.id)
        .execute();
      expect(rows.map(({ kind }) => kind).sort()).toEqual(['session', 'subject']);
      expect(JSON.stringify(rows)).not.toContain('erin-7c19');
    });

    it('returns each revocation once, page by page, and only revocations that the caller may access', async () => {
      const revoked = await instance().configuration('Paged');
      for (const sub of ['a', 'b', 'c']) await revoke({ configurationId: revoked.id, sub });
      const bound = await createActiveToken(instance(), {
        scopes: requestScopes,
        configurationIds: [revoked.id],
      });
      const subjects: unknown[] = [];
      let cursor: unknown = '';
      for (let page = 0; page < 5 && cursor !== null; page += 1) {
        const { body } = await instance().get(
          `${path}?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`,
          bound.headers,
        );
        subjects.push(...(body['items'] as { subject: string }[]).map(({ subject }) => subject));
        cursor = body['nextCursor'];
      }
      expect(subjects).toEqual(['c', 'b', 'a']);
      const { id: organisationId } = await createOrganisation(instance());
      const stranger = await createActiveToken(instance(), { scopes: requestScopes, organisationId });
      expect(itemsOf(await instance().get(path, stranger.headers))).toEqual([]);
      const [row] = await listOf(revoked);
      expect(await end(row?.['id'], stranger.headers)).toMatchObject({
        status: 404,
        body: { code: 'revocation_not_found' },
      });
    });
  });

  describe(`DELETE ${path}/{id}`, () => {
    it('makes the tokens valid again, leaves ended sessions ended, and writes an audit entry', async () => {
      const revoked = await instance().configuration('Undone');
      const token = await mint(revoked, { sub: 'frank' });
      const { body: session } = await exchange(instance().url, token);
      const statusOfSession = async () => {
        const headers = { authorization: session['webSessionToken'], initialiser: session['initialiser'] };
        return (await instance().get('/api/v1/wat/session', headers as Record<string, string>)).status;
      };
      await revoke({ configurationId: revoked.id, sub: 'frank', endSessions: true });
      expect([await codeOf(token), await statusOfSession()]).toEqual(['token_revoked', 401]);
      const [row] = await listOf(revoked);
      expect((await end(row?.['id'])).status).toBe(204);
      expect([await codeOf(token), await statusOfSession()]).toEqual([undefined, 401]);
      expect(await listOf(revoked)).toEqual([]);
      expect((await end(row?.['id'])).body['code']).toBe('revocation_not_found');
      const audit = itemsOf(await instance().get('/api/v1/audit?limit=500'));
      expect(audit).toContainEqual(
        expect.objectContaining({ action: 'revocation.end', target: row?.['id'], result: 'OK' }),
      );
      await revoke({ configurationId: revoked.id, sub: 'frank' });
      expect(await codeOf(token)).toBe('token_revoked');
    });
  });

  describe('a revocation', () => {
    it('of a viewer returns a warning about tokens without iat, and a revocation of one token does not', async () => {
      const revoked = await instance().configuration('Warned');
      const { body } = await revoke({ configurationId: revoked.id, sub: 'grace' });
      expect(body['warnings']).toEqual([expect.stringContaining('without iat')]);
      expect(Object.keys((await revoke({ token: await mint(revoked, { sub: 'grace' }) })).body)).toEqual([
        'revokedAt',
      ]);
    });

    it('is rejected if its end is not in the future', async () => {
      const revoked = await instance().configuration('Past');
      const answer = await revoke({ configurationId: revoked.id, until: '2020-01-01T00:00:00Z' });
      expect(answer).toMatchObject({
        status: 400,
        body: { errors: [{ path: '/until', message: 'must be in the future' }] },
      });
    });
  });
});
