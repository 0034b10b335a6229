import { describe, expect, it } from 'vitest';
import { addApiToken, addOrganisation, useInstance } from '../../integration/http/support/instance.ts';
import { mint } from '../../support/api.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';

describeOnControlStore((stores) => {
  const instance = useInstance({}, stores);
  const base = '/api/v1/directory';
  const send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
    instance().call(method, `${base}/${path}`, {
      ...(body !== undefined && { body }),
      ...(headers && { headers }),
    });

  describe('the directory of viewers and resources', () => {
    it('determines the data-level findings of a token test', async () => {
      const configuration = await instance().configuration();
      const token = await mint(configuration, {
        sub: 'alice',
        grants: {
          res: ['dashboards/1', 'dashboards/2'],
          acl: [{ dataSourceTitle: 'Sales', table: 't', column: 'c', members: ['a'] }],
        },
      });
      const tested = async () => {
        const { body } = await instance().call('POST', '/api/v1/web-access-tokens/test', { body: { token } });
        const findings = body['findings'] as Record<string, string>[];
        return [
          body['valid'],
          ...findings.map(({ level, severity, path }) => `${level} ${severity} ${path}`),
        ];
      };
      expect(await tested()).toEqual([true, 'data info /sub', 'data info /grants/res']);

      const resources = [{ id: 'dashboards/1', dataSources: ['Sales', 'Stock'] }];
      expect((await send('POST', 'subjects', { items: [{ id: 'bob' }] })).body).toEqual({ upserted: 1 });
      expect((await send('POST', 'resources', { items: resources })).body).toEqual({ upserted: 1 });
      expect(await tested()).toEqual([
        false,
        'data error /sub',
        'data warning /grants/res/0',
        'data error /grants/res/1',
      ]);

      await send('POST', 'subjects', { items: [{ id: 'alice' }] });
      const resourcesWithSources = [{ id: 'dashboards/1' }, { id: 'dashboards/2', dataSources: ['Sales'] }];
      expect((await send('POST', 'resources', { items: resourcesWithSources })).body).toEqual({
        upserted: 2,
      });
      expect(await tested()).toEqual([true]);
      expect((await send('DELETE', 'resources/dashboards%2F2')).status).toBe(204);
      expect(await tested()).toEqual([false, 'data error /grants/res/1']);
    });

    it('lists viewers and resources in pages, sorted by id', async () => {
      const organisationId = await addOrganisation(instance());
      const { headers } = await addApiToken(instance(), {
        scopes: ['tokens:read', 'tokens:write'],
        organisationId,
      });
      const ids = ['a', 'b', 'c', 'd', 'e'];
      await send('POST', 'subjects', { items: ids.map((id) => ({ id })) }, headers);
      expect((await send('GET', 'resources', undefined, headers)).body).toEqual({
        items: [],
        nextCursor: null,
      });
      const first = (await send('GET', 'subjects?limit=3', undefined, headers)).body;
      expect(first['items']).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
      const lastPage = await send(
        'GET',
        `subjects?limit=3&cursor=${first['nextCursor']}`,
        undefined,
        headers,
      );
      expect(lastPage.body).toEqual({ items: [{ id: 'd' }, { id: 'e' }], nextCursor: null });
      expect((await send('GET', 'subjects?cursor=x', undefined, headers)).body['code']).toBe(
        'invalid_cursor',
      );

      const deleted = await send('POST', 'subjects/delete', { ids: ['a', 'c', 'zz'] }, headers);
      expect([deleted.status, deleted.body]).toEqual([200, { deleted: 2 }]);
      expect((await send('DELETE', 'subjects/a', undefined, headers)).body).toMatchObject({
        status: 404,
        code: 'not_found',
      });
    });

    it('belongs to one organisation, and requires the documented scopes', async () => {
      const organisationId = await addOrganisation(instance());
      const scopes = ['tokens:read', 'tokens:write'] as const;
      const stranger = await addApiToken(instance(), { scopes, organisationId });
      await send('POST', 'subjects', { items: [{ id: 'only-ours' }] });
      expect((await send('GET', 'subjects', undefined, stranger.headers)).body['items']).toEqual([]);
      expect((await send('DELETE', 'subjects/only-ours', undefined, stranger.headers)).status).toBe(404);
      expect((await send('POST', 'subjects/delete', { ids: ['only-ours'] }, stranger.headers)).body).toEqual({
        deleted: 0,
      });

      const reader = await addApiToken(instance(), { scopes: ['tokens:read'] });
      const writer = await addApiToken(instance(), { scopes: ['tokens:write'] });
      expect((await send('GET', 'subjects', undefined, reader.headers)).status).toBe(200);
      const refused = [
        send('GET', 'subjects', undefined, writer.headers),
        send('POST', 'subjects', { items: [{ id: 'a' }] }, reader.headers),
        send('POST', 'resources/delete', { ids: ['a'] }, reader.headers),
        send('DELETE', 'resources/a', undefined, reader.headers),
      ];
      for (const answer of await Promise.all(refused)) expect(answer.body['code']).toBe('insufficient_scope');
      expect((await send('GET', 'subjects', undefined, {})).status).toBe(401);
    });

    it.each([
      ['subjects', {}],
      ['subjects', { items: [] }],
      ['subjects', { items: ['alice'] }],
      ['subjects', { items: [{ id: '' }] }],
      ['subjects', { items: [{ id: 'a\u0000' }] }],
      ['subjects', { items: [{ id: 'a', name: 'A' }] }],
      ['subjects', { items: [{ id: 'a', dataSources: [] }] }],
      ['subjects', { items: [{ id: 'a' }], replace: true }],
      ['subjects', { items: Array(1001).fill({ id: 'a' }) }],
      ['resources', { items: [{ id: 'a', dataSources: 'Sales' }] }],
      ['resources', { items: [{ id: 'a', dataSources: [''] }] }],
      ['resources/delete', { ids: [] }],
      ['resources/delete', { ids: [1] }],
    ])('rejects a request to %s with the body %j', async (path, body) => {
      expect((await send('POST', path, body)).body).toMatchObject({ status: 400, code: 'invalid_request' });
    });

    it('rejects an id with an unpaired surrogate, and accepts other Unicode ids', async () => {
      expect((await send('POST', 'subjects', '{"items":[{"id":"\\ud800"}]}')).status).toBe(400);
      expect((await send('POST', 'subjects', { items: [{ id: 'zoë@例え.jp \u{1f600}' }] })).status).toBe(200);
      expect((await send('DELETE', `subjects/${encodeURIComponent('zoë@例え.jp \u{1f600}')}`)).status).toBe(
        204,
      );
      expect((await send('DELETE', 'subjects/%00')).status).toBe(404);
    });
  });
});
