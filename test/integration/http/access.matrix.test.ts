import { beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/platform/http/routes/access-rule.ts';
import { adminToken } from '../../support/app-process.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { addApiToken, useInstance } from './support/instance.ts';

describeOnControlStore((stores) => {
  const instance = useInstance({}, stores);
  const base = '/api/v1/web-access-tokens/configurations';
  let id: string;
  let tokenId: string;
  beforeAll(async () => {
    id = (await instance().configuration()).id;
    tokenId = (await addApiToken(instance(), { scopes: ['admin'] })).id;
  });

  /** Every route that requires an API token, with its scope and its success status. */
  const routes: readonly [
    method: string,
    path: string,
    scope: Scope,
    status: number,
    body?: unknown,
    organisationId?: string | null,
  ][] = [
    ['POST', base, 'tokens:write', 201, { name: 'Scopes' }],
    ['GET', base, 'tokens:read', 200],
    ['GET', `${base}/ID`, 'tokens:read', 200],
    ['PATCH', `${base}/ID`, 'tokens:write', 200, { name: 'Scoped' }],
    ['GET', `${base}/ID/usage`, 'tokens:read', 200],
    ['GET', `${base}/ID/keys`, 'tokens:read', 200],
    ['POST', `${base}/ID/rotate`, 'tokens:write', 201, { acceptOldUntil: '2026-01-01T00:00:00Z' }],
    ['GET', '/api/v1/usage/summary', 'usage:read', 200],
    ['GET', '/api/v1/usage/configurations', 'usage:read', 200],
    ['GET', '/api/v1/usage/tags', 'usage:read', 200],
    ['GET', '/api/v1/usage/tags/a', 'usage:read', 200],
    ['POST', '/api/v1/web-access-tokens/test', 'tokens:read', 200, { token: 'a' }],
    ['POST', '/api/v1/auth/token', 'tokens:request', 200, { configurationId: 'ID', sub: 'a' }],
    ['POST', '/api/v1/auth/token/revoke', 'tokens:request', 200, { configurationId: 'ID' }],
    ['GET', '/api/v1/directory/subjects', 'tokens:read', 200],
    ['POST', '/api/v1/directory/subjects', 'tokens:write', 200, { items: [{ id: 'a' }] }],
    ['POST', '/api/v1/directory/subjects/delete', 'tokens:write', 200, { ids: ['a'] }],
    ['GET', '/api/v1/directory/resources', 'tokens:read', 200],
    ['POST', '/api/v1/directory/resources', 'tokens:write', 200, { items: [{ id: 'a/1' }] }],
    ['POST', '/api/v1/directory/resources/delete', 'tokens:write', 200, { ids: ['a/1'] }],
    ['GET', '/api/v1/usage/integrity', 'ops', 200, undefined, null],
    ['GET', '/api/v1/gateways', 'ops', 200, undefined, null],
    ['POST', '/api/v1/gateways/retire', 'ops:write', 200, { name: 'gateway-1' }, null],
    ['GET', '/api/v1/refusals', 'ops', 200],
    ['GET', '/api/v1/auth/revocations', 'tokens:request', 200],
    ['GET', `/api/v1/usage/imports/${'0'.repeat(64)}`, 'ops:write', 200],
    [
      ...(['POST', `/api/v1/usage/imports/${'0'.repeat(64)}`, 'ops:write', 200] as const),
      { first: 1, sessions: [{ time: '2026-03-29T00:30:00Z', configurationId: 'ID' }], dryRun: true },
    ],
    ['GET', '/api/v1/audit', 'admin', 200],
    ['GET', '/api/v1/organisations', 'admin', 200],
    ['POST', '/api/v1/organisations', 'admin', 201, { name: 'Scoped' }, null],
    ['GET', '/api/v1/api-tokens', 'admin', 200],
    ['POST', '/api/v1/api-tokens', 'admin', 201, { name: 'A', scopes: ['admin'], expiresIn: '1d' }],
    ['GET', '/api/v1/api-tokens/TOKEN', 'admin', 200],
    ['GET', '/api/v1/api-tokens/TOKEN/log', 'admin', 200],
    ['PATCH', '/api/v1/api-tokens/TOKEN', 'admin', 200, { expiresIn: '7d' }],
    ['POST', '/api/v1/api-tokens/TOKEN/generate', 'admin', 200],
    ['POST', '/api/v1/api-tokens/TOKEN/revoke', 'admin', 200],
    ['DELETE', `${base}/ID`, 'tokens:write', 204],
  ];
  const scopes: Scope[] = [
    'tokens:read',
    'tokens:write',
    'tokens:request',
    'usage:read',
    'ops',
    'ops:write',
    'admin',
  ];

  describe.each(routes)('%s %s', (method, pattern, scope, status, body, organisationId = 'default') => {
    const path = () => pattern.replace('TOKEN', tokenId).replace('ID', id);
    const filled = () => JSON.stringify(body).replace('"ID"', JSON.stringify(id));
    const send = (headers: Record<string, string>) =>
      instance().call(method, path(), { headers, ...(body !== undefined && { body: filled() }) });

    it(`requires the scope ${scope}, and rejects every other scope`, async () => {
      const otherScopes = scopes.filter((candidate) => candidate !== scope);
      const withoutScope = await addApiToken(instance(), { scopes: otherScopes });
      const refused = await send(withoutScope.headers);
      expect(refused.status).toBe(403);
      expect(refused.body).toMatchObject({ code: 'insufficient_scope', status: 403 });
      expect(refused.body['detail']).toContain(scope);
      const alone = await addApiToken(instance(), { scopes: [scope], organisationId });
      expect((await send(alone.headers)).status).toBe(status);
    });

    it('returns 401 with WWW-Authenticate if the request has no token, before it validates the request', async () => {
      for (const headers of [{}, { authorization: 'Bearer' }, { authorization: `Basic ${btoa('a:b')}` }]) {
        const refused = await send(headers as Record<string, string>);
        expect([refused.status, refused.body['code']]).toEqual([401, 'unauthenticated']);
        expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
      }
      const broken = await instance().call(method, `${path()}?unknown=1`, {
        headers: {},
        ...(body !== undefined && { body: '{' }),
      });
      expect(broken.status).toBe(401);
    });
  });

  describe('an API token', () => {
    const statusWith = async (token: string) =>
      (await instance().get(base, { authorization: `Bearer ${token}` })).status;

    it('is rejected if it has expired, is revoked, has no secret yet, or differs in any character', async () => {
      const good = await addApiToken(instance(), { scopes: ['tokens:read'] });
      expect(await statusWith(good.token)).toBe(200);
      for (const invalidToken of [
        good.token.slice(0, -1),
        `${good.token}a`,
        good.token.slice(0, -1) + (good.token.endsWith('A') ? 'B' : 'A'),
        good.token.toUpperCase(),
        good.token.replace(good.id, 'f'.repeat(16)),
        good.token.replace('wmt_', 'wat_'),
        `wmt_${good.id}_`,
        good.id,
      ]) {
        expect(await statusWith(invalidToken)).toBe(401);
      }
      const expired = await addApiToken(instance(), { scopes: ['tokens:read'], expiresAtMs: Date.now() - 1 });
      expect(await statusWith(expired.token)).toBe(401);
      const { store } = instance().control;
      const table = () => store.updateTable('api_tokens').where('id', '=', good.id);
      await table().set({ revoked_at: Date.now() }).execute();
      expect(await statusWith(good.token)).toBe(401);
      await table().set({ revoked_at: null, secret_digest: null }).execute();
      expect(await statusWith(good.token)).toBe(401);
    });

    it('is read from the Authorization header with a scheme in upper or lower case, and never from the URL', async () => {
      for (const scheme of ['bearer', 'BEARER', 'Bearer  ']) {
        expect((await instance().get(base, { authorization: `${scheme} ${adminToken}` })).status).toBe(200);
      }
      expect((await instance().get(`${base}?access_token=${adminToken}`, {})).status).toBe(401);
    });

    it('is required for HEAD requests in the same way as for GET requests', async () => {
      const head = async (headers: Record<string, string>) =>
        (await fetch(instance().url + base, { method: 'HEAD', headers })).status;
      expect(await head({})).toBe(401);
      const { headers } = await addApiToken(instance(), { scopes: ['usage:read'] });
      expect(await head(headers)).toBe(403);
      expect(await head({ authorization: `Bearer ${adminToken}` })).toBe(200);
    });
  });
});
