import { describe, expect, it } from 'vitest';
import {
  createActiveToken,
  createOrganisation,
  createToken,
  generate,
  itemsOf,
  tokensPath,
  uniqueName,
} from '../../integration/http/support/access-api.ts';
import { addApiToken, useInstance } from '../../integration/http/support/instance.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';

const dayMs = 86_400_000;
const configurations = '/api/v1/web-access-tokens/configurations';

/** Tests API tokens over HTTP on each control store. */
describeOnControlStore((stores) => {
  const instance = useInstance({}, stores);
  const post = (path: string, body?: unknown, headers?: Record<string, string>) =>
    instance().call('POST', path, {
      ...(body !== undefined && { body }),
      ...(headers !== undefined && { headers }),
    });
  const patch = (id: string, body: unknown, headers?: Record<string, string>) =>
    instance().call('PATCH', `${tokensPath}/${id}`, { body, ...(headers && { headers }) });
  const readToken = async (id: string) => (await instance().get(`${tokensPath}/${id}`)).body;
  const logOf = async (id: string) => itemsOf(await instance().get(`${tokensPath}/${id}/log?limit=500`));
  const use = (headers: Record<string, string>) => instance().get(configurations, headers);

  describe('an API token', () => {
    it('has no secret when it is created', async () => {
      const created = await createToken(instance(), {
        name: 'Power BI of Finance',
        scopes: ['usage:read', 'ops'],
      });
      expect(created.status).toBe(201);
      expect(created.body).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        name: 'Power BI of Finance',
        scopes: ['usage:read', 'ops'],
        organisationId: 'default',
        configurationIds: null,
        expiresIn: '30d',
        status: 'not_generated',
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
        generatedAt: null,
        expiresAt: null,
        lastUsedAt: null,
      });
      expect(created.headers.get('location')).toBe(`${tokensPath}/${created.body['id']}`);
      expect(await readToken(String(created.body['id']))).toEqual(created.body);
      expect(itemsOf(await instance().get(tokensPath))[0]).toEqual(created.body);
    });

    it('becomes active with its first use, and the next read shows the new status', async () => {
      const { body } = await createToken(instance());
      const id = String(body['id']);
      const generated = await post(`${tokensPath}/${id}/generate`);
      expect(generated).toMatchObject({
        status: 200,
        body: {
          token: expect.stringMatching(new RegExp(`^wmt_${id}_[A-Za-z0-9_-]{43}$`)),
          status: 'generated_inactive',
        },
      });
      expect(Object.keys(generated.body)).toEqual(['token', 'expiresAt', 'status']);
      expect(generated.headers.get('cache-control')).toBe('no-store');
      expect(await readToken(id)).toMatchObject({ status: 'generated_inactive', lastUsedAt: null });
      const before = Date.now();
      expect((await use({ authorization: `Bearer ${generated.body['token']}` })).status).toBe(200);
      const used = await readToken(id);
      expect(used).toMatchObject({ status: 'generated_active', expiresAt: generated.body['expiresAt'] });
      expect(Math.abs(Date.parse(String(used['lastUsedAt'])) - before)).toBeLessThan(2000);
      expect(itemsOf(await instance().get(tokensPath)).find((token) => token['id'] === id)).toEqual(used);
    });

    it('is inactive again after another generate request, which invalidates the old secret immediately', async () => {
      const first = await createActiveToken(instance());
      expect((await use(first.headers)).status).toBe(200);
      const second = await generate(instance(), first.id);
      expect((await use(first.headers)).status).toBe(401);
      expect((await readToken(first.id))['status']).toBe('generated_inactive');
      expect((await use(second.headers)).status).toBe(200);
      expect((await readToken(first.id))['status']).toBe('generated_active');
    });

    it('is permanently invalid after it is revoked', async () => {
      const { id, headers } = await createActiveToken(instance());
      expect(await post(`${tokensPath}/${id}/revoke`)).toMatchObject({
        status: 200,
        body: { status: 'revoked' },
      });
      expect((await use(headers)).status).toBe(401);
      const code = 'api_token_revoked';
      expect(await post(`${tokensPath}/${id}/generate`)).toMatchObject({ status: 409, body: { code } });
      expect(await patch(id, { expiresIn: 'never' })).toMatchObject({ status: 409, body: { code } });
      expect(await post(`${tokensPath}/${id}/revoke`)).toMatchObject({
        status: 200,
        body: { status: 'revoked' },
      });
      expect((await logOf(id)).filter(({ activity }) => activity === 'REVOKE')).toHaveLength(1);
    });

    it('ends the dashboard sessions of its old secret when a new secret is generated', async () => {
      const { id, token } = await createActiveToken(instance());
      const opened = await post('/api/v1/ui/session', { token }, {});
      const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
      expect((await use({ cookie })).status).toBe(200);
      await generate(instance(), id);
      expect((await use({ cookie })).status).toBe(401);
    });

    it.each([
      ['1d', 1],
      ['7d', 7],
      ['30d', 30],
      ['60d', 60],
      ['90d', 90],
      ['1y', 365],
      ['never', undefined],
    ])('with expiresIn=%s gets a new expiry time at each generate request', async (expiresIn, days) => {
      const { id } = await createActiveToken(instance(), { expiresIn });
      await generate(instance(), id);
      const { generatedAt, expiresAt } = await readToken(id);
      const lasting =
        expiresAt === null ? undefined : Date.parse(String(expiresAt)) - Date.parse(String(generatedAt));
      expect(lasting).toBe(days === undefined ? undefined : days * dayMs);
    });

    it('can be generated again after it has expired', async () => {
      const { id, headers } = await createActiveToken(instance());
      const { store } = instance().control;
      await store
        .updateTable('api_tokens')
        .set({ expires_at: Date.now() - 1 })
        .where('id', '=', id)
        .execute();
      expect((await readToken(id))['status']).toBe('expired');
      expect((await use(headers)).status).toBe(401);
      expect((await use((await generate(instance(), id)).headers)).status).toBe(200);
    });

    it('can get another name, other scopes and another expiry, and the new expiry applies from the next generate request', async () => {
      const { id, headers } = await createActiveToken(instance());
      const before = await readToken(id);
      const name = uniqueName('Renamed');
      const changed = await patch(id, { name, scopes: ['usage:read', 'ops'], expiresIn: '1d' });
      expect(changed).toMatchObject({
        status: 200,
        body: { name, scopes: ['usage:read', 'ops'], expiresIn: '1d', expiresAt: before['expiresAt'] },
      });
      expect((await use(headers)).status).toBe(403);
      await generate(instance(), id);
      expect(Date.parse(String((await readToken(id))['expiresAt'])) - Date.now()).toBeLessThanOrEqual(dayMs);
    });
  });

  describe('the log of an API token', () => {
    it('lists changes with their actor, and successful and failed authentications, newest first', async () => {
      const { id, token, headers } = await createActiveToken(instance(), { name: 'Logged' });
      await use(headers);
      await use({ authorization: `Bearer wmt_${id}_${'A'.repeat(43)}` });
      await patch(id, { name: 'Logged, renamed' });
      await post(`${tokensPath}/${id}/revoke`);
      await use(headers);
      const byAdmin = { tokenName: 'Logged', activityBy: 'ADMIN_TOKEN', authenticationResult: null };
      const renamed = { ...byAdmin, tokenName: 'Logged, renamed' };
      const self = { tokenName: 'Logged', activity: 'AUTHENTICATE', activityBy: 'Logged' };
      const lines = await logOf(id);
      expect(lines.map(({ activityOn, ...line }) => line)).toEqual([
        {
          ...self,
          tokenName: 'Logged, renamed',
          activityBy: 'Logged, renamed',
          authenticationResult: 'FAIL',
        },
        { ...renamed, activity: 'REVOKE' },
        { ...renamed, activity: 'UPDATE' },
        { ...self, authenticationResult: 'FAIL' },
        { ...self, authenticationResult: 'OK' },
        { ...byAdmin, activity: 'GENERATE' },
        { ...byAdmin, activity: 'CREATE' },
      ]);
      for (const { activityOn } of lines) expect(activityOn).toMatch(/^\d{4}-.*Z$/);
      expect(JSON.stringify(lines)).not.toContain(token.slice(-43));
    });

    it('is returned in pages', async () => {
      const { id, headers } = await createActiveToken(instance());
      await Promise.all(Array.from({ length: 5 }, () => use(headers)));
      const activities: unknown[] = [];
      let query = '?limit=3';
      for (;;) {
        const page = await instance().get(`${tokensPath}/${id}/log${query}`);
        activities.push(...itemsOf(page).map(({ activity }) => activity));
        if (page.body['nextCursor'] === null) break;
        query = `?limit=3&cursor=${page.body['nextCursor']}`;
      }
      expect(activities).toEqual([...Array(5).fill('AUTHENTICATE'), 'GENERATE', 'CREATE']);
    });
  });

  describe('the name of an API token', () => {
    it('is unique in its organisation, ignoring case and including revoked tokens', async () => {
      const name = uniqueName('Straße');
      const { body } = await createToken(instance(), { name });
      await post(`${tokensPath}/${body['id']}/revoke`);
      for (const same of [name, name.toUpperCase(), name.toLowerCase()]) {
        expect(await createToken(instance(), { name: same })).toMatchObject({
          status: 409,
          body: { code: 'name_taken' },
        });
      }
      const other = await createToken(instance());
      expect((await patch(String(other.body['id']), { name: name.toUpperCase() })).status).toBe(409);
      expect((await patch(String(other.body['id']), { name: String(other.body['name']) })).status).toBe(200);
      const organisationId = (await createOrganisation(instance())).id;
      expect((await createToken(instance(), { name, organisationId })).status).toBe(201);
      expect((await createToken(instance(), { name, organisationId: null })).status).toBe(201);
    });

    it('is assigned to only one of several concurrent requests', async () => {
      const name = uniqueName('Wanted');
      const answers = await Promise.all(Array.from({ length: 6 }, () => createToken(instance(), { name })));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    });

    it('cannot be the name of the administrator', async () => {
      const members = { name: 'administrator', organisationId: null };
      expect((await createToken(instance(), members)).status).toBe(409);
    });
  });

  it('a caller cannot grant a scope or an organisation that the API token of the caller lacks', async () => {
    const other = await createOrganisation(instance());
    const rich = await createActiveToken(instance(), { scopes: ['admin', 'usage:read'] });
    const { headers } = await createActiveToken(instance(), { scopes: ['admin', 'tokens:read'] });
    for (const refused of [
      await createToken(instance(), { scopes: ['usage:read', 'tokens:read'] }, headers),
      await patch(rich.id, { scopes: ['admin', 'usage:read', 'ops'] }, headers),
      await post(`${tokensPath}/${rich.id}/generate`, undefined, headers),
    ]) {
      expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
      expect(refused.body['detail']).toMatch(/usage:read|ops/);
    }
    expect((await use(rich.headers)).status).toBe(403);
    expect((await createToken(instance(), { organisationId: other.id }, headers)).status).toBe(404);
    expect((await createToken(instance(), { organisationId: 'unknown' })).status).toBe(404);
    expect(await createToken(instance(), { organisationId: null }, headers)).toMatchObject({
      status: 403,
      body: { code: 'all_organisations_needed' },
    });
    expect((await createToken(instance(), { scopes: ['admin'] }, headers)).body['organisationId']).toBe(
      'default',
    );
  });

  it('a request with invalid members is rejected with all errors, and a request with an unknown id returns 404', async () => {
    const refused = await createToken(instance(), { name: ' ', scopes: ['root'], expiresIn: '2d', owner: 1 });
    expect(refused.status).toBe(400);
    const paths = (refused.body['errors'] as { path: string }[]).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['/name', '/scopes/0', '/expiresIn', '/owner']));
    expect((await createToken(instance(), { scopes: [] })).status).toBe(400);
    expect((await patch('0'.repeat(16), {})).status).toBe(400);
    for (const id of ['0'.repeat(16), 'a%00b', '%F0%9F%98%80', "'"])
      expect(await instance().get(`${tokensPath}/${id}`)).toMatchObject({
        status: 404,
        body: { code: 'api_token_not_found' },
      });
  });

  it('every invalid API token gets the same response, byte for byte, and the API token log does not contain the secret', async () => {
    const valid = await createActiveToken(instance());
    const revoked = await createActiveToken(instance());
    await post(`${tokensPath}/${revoked.id}/revoke`);
    const expired = await addApiToken(instance(), { scopes: ['tokens:read'], expiresAtMs: 1 });
    const fresh = String((await createToken(instance())).body['id']);
    const secret = 'B'.repeat(43);
    const bad = [
      ...[`wmt_${valid.id}_${secret}`, revoked.token, expired.token, `wmt_${fresh}_${secret}`],
      ...[`wmt_${'0'.repeat(16)}_${secret}`, 'nonsense', `wmt_${valid.id}_`, valid.token.toUpperCase()],
    ];
    const answers = await Promise.all(bad.map((token) => use({ authorization: `Bearer ${token}` })));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(401);
    expect(answers[0]?.headers.get('www-authenticate')).toMatch(/^Bearer/);
    const { store } = instance().control;
    const rows = JSON.stringify(await store.selectFrom('api_token_log').selectAll().execute());
    expect(rows).not.toContain(secret);
  });
});
