import { describe, expect, it, vi } from 'vitest';
import {
  createActiveToken,
  createOrganisation,
  createToken,
  itemsOf,
  tokensPath,
  uniqueName,
} from '../../integration/http/support/access-api.ts';
import { useInstance } from '../../integration/http/support/instance.ts';
import { exchange, mint } from '../../support/api.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';

const configurations = '/api/v1/web-access-tokens/configurations';

/** Tests the audit log and the list of refusals over HTTP on each control store. */
describeOnControlStore((stores) => {
  const instance = useInstance({}, stores);
  const linesAbout = async (target: string) =>
    itemsOf(await instance().get('/api/v1/audit?limit=500')).filter((line) => line['target'] === target);

  describe('GET /api/v1/audit', () => {
    it('lists actor, action and result for changes of a configuration', async () => {
      const { id } = await instance().configuration('Audited');
      const writer = await createActiveToken(instance(), { scopes: ['tokens:write', 'tokens:read'] });
      const reader = await createActiveToken(instance(), { scopes: ['tokens:read'] });
      const path = `${configurations}/${id}`;
      await instance().call('PATCH', path, { body: { enabled: false }, headers: writer.headers });
      await instance().call('PATCH', path, { body: { name: 'x' }, headers: reader.headers });
      await instance().call('PATCH', path, { body: { secretMember: 'x' }, headers: writer.headers });
      await instance().call('DELETE', path, { headers: writer.headers });
      const lines = await linesAbout(id);
      const common = { organisationId: 'default', target: id };
      const byWriter = { ...common, actor: `api-token:${writer.id}` };
      expect(lines.map(({ id: _id, at: _at, ...line }) => line)).toEqual([
        { ...byWriter, action: 'configuration.delete', result: 'OK', details: { status: 204 } },
        { ...byWriter, action: 'configuration.update', result: 'FAIL', details: { status: 400 } },
        {
          ...common,
          ...{ actor: `api-token:${reader.id}`, action: 'configuration.update', result: 'FAIL' },
          details: { status: 403 },
        },
        {
          ...byWriter,
          action: 'configuration.update',
          result: 'OK',
          details: { status: 200, enabled: false },
        },
        {
          ...common,
          ...{ actor: expect.stringMatching(/^api-token:admin-setting-/), action: 'configuration.create' },
          ...{ result: 'OK', details: { status: 201, name: 'Audited' } },
        },
      ]);
      for (const { at } of lines) expect(at).toMatch(/^\d{4}-.*Z$/);
    });

    it('lists the changes of an API token without its secret', async () => {
      const { id, token } = await createActiveToken(instance(), { scopes: ['ops'] });
      await instance().call('POST', `${tokensPath}/${id}/revoke`);
      await instance().call('POST', `${tokensPath}/${id}/generate`);
      await instance().call('POST', `${tokensPath}/${token}/revoke`);
      expect((await linesAbout(id)).map(({ action, result }) => [action, result])).toEqual([
        ['api-token.generate', 'FAIL'],
        ['api-token.revoke', 'OK'],
        ['api-token.generate', 'OK'],
        ['api-token.create', 'OK'],
      ]);
      expect((await instance().get('/api/v1/audit?limit=500')).text).not.toContain(token.slice(-43));
    });

    it('returns pages, and lists neither reads nor unauthenticated requests', async () => {
      const before = itemsOf(await instance().get('/api/v1/audit?limit=500')).length;
      await instance().get(configurations);
      await instance().call('POST', configurations, { body: { name: 'x' }, headers: {} });
      expect(itemsOf(await instance().get('/api/v1/audit?limit=500'))).toHaveLength(before);
      const first = await instance().get('/api/v1/audit?limit=1');
      const second = await instance().get(`/api/v1/audit?limit=1&cursor=${first.body['nextCursor']}`);
      expect(itemsOf(second)[0]?.['id']).not.toBe(itemsOf(first)[0]?.['id']);
    });
  });

  describe('GET /api/v1/refusals', () => {
    const refusalsOf = async (id: string) =>
      itemsOf(await instance().get('/api/v1/refusals?limit=500'))
        .filter(({ configurationId }) => configurationId === id)
        .map(({ reason, refusals }) => [reason, refusals])
        .sort();

    it('counts rejected exchanges of known configurations by reason, and does not store content of the tokens', async () => {
      const configuration = await instance().configuration();
      const other = await instance().configuration();
      const { url } = instance();
      const expired = await mint(configuration, { sub: 'subject-marker', exp: 1 });
      await Promise.all(Array.from({ length: 12 }, () => exchange(url, expired)));
      await exchange(url, await mint(configuration, { sub: 'a', nbf: 4_102_444_800 }));
      await exchange(url, await mint(configuration, { sub: 7 }));
      await exchange(url, await mint({ ...configuration, publicKey: other.publicKey }, { sub: 'a' }));
      await exchange(url, await mint({ ...configuration, id: 'f'.repeat(24) }, { sub: 'a' }));
      await exchange(url, 'nonsense');
      expect(await refusalsOf(configuration.id)).toEqual([
        ['claims', 1],
        ['expired', 12],
        ['not-yet-valid', 1],
        ['undecryptable', 1],
      ]);
      expect(await refusalsOf('f'.repeat(24))).toEqual([]);
      await exchange(url, expired);
      expect(await refusalsOf(configuration.id)).toContainEqual(['expired', 13]);
      const { text, body } = await instance().get('/api/v1/refusals');
      expect(text).not.toContain('subject-marker');
      expect((body['items'] as object[])[0]).toEqual({
        day: new Date().toISOString().slice(0, 10),
        configurationId: expect.any(String),
        reason: expect.any(String),
        refusals: expect.any(Number),
        lastAt: expect.stringMatching(/^\d{4}-.*Z$/),
      });
    });

    it('counts rejected exchanges of a disabled configuration', async () => {
      const configuration = await instance().configuration();
      const body = { enabled: false };
      await instance().call('PATCH', `${configurations}/${configuration.id}`, { body });
      await exchange(instance().url, await mint(configuration, { sub: 'a' }));
      expect(await refusalsOf(configuration.id)).toEqual([['disabled', 1]]);
    });

    it('stores its counts within 5 seconds, even if no request reads them', async () => {
      const configuration = await instance().configuration();
      await exchange(instance().url, await mint(configuration, { sub: 'a', exp: 1 }));
      const stored = () => instance().control.refusals.list('default', 500);
      await vi.waitFor(
        async () =>
          expect((await stored()).map(({ configurationId }) => configurationId)).toContain(configuration.id),
        { timeout: 5000 },
      );
    });

    it('has pages that neither skip nor repeat an item', async () => {
      const all = itemsOf(await instance().get('/api/v1/refusals?limit=500'));
      const paged: unknown[] = [];
      let query = '?limit=2';
      for (;;) {
        const page = await instance().get(`/api/v1/refusals${query}`);
        paged.push(...itemsOf(page));
        if (page.body['nextCursor'] === null) break;
        query = `?limit=2&cursor=${page.body['nextCursor']}`;
      }
      expect(paged).toEqual(all);
      expect(all.length).toBeGreaterThan(4);
    });
  });

  describe('organisations in the API', () => {
    const path = '/api/v1/organisations';

    it('are listed newest first, and their names are unique, ignoring case', async () => {
      const name = uniqueName('Ärzte');
      const created = await instance().call('POST', path, { body: { name } });
      expect(created).toMatchObject({
        status: 201,
        body: { id: expect.stringMatching(/^[0-9a-f]{16}$/), name },
      });
      expect(Object.keys(created.body)).toEqual(['id', 'name', 'createdAt']);
      expect(created.headers.get('location')).toBe(`${path}/${created.body['id']}`);
      const items = itemsOf(await instance().get(path));
      expect(items[0]).toEqual(created.body);
      expect(items.at(-1)).toMatchObject({ id: 'default', name: 'Default' });
      for (const same of [name.toUpperCase(), name.normalize('NFD'), 'DEFAULT'])
        expect(await instance().call('POST', path, { body: { name: same } })).toMatchObject({
          status: 409,
          body: { code: 'name_taken' },
        });
    });

    it('are created only by an API token with access to all organisations, and sessions are counted for each organisation', async () => {
      const { id } = await createOrganisation(instance());
      const member = await createActiveToken(instance(), {
        organisationId: id,
        scopes: ['admin', 'tokens:write', 'usage:read'],
      });
      const refused = await instance().call('POST', path, { body: { name: 'x' }, headers: member.headers });
      expect(refused).toMatchObject({ status: 403, body: { code: 'all_organisations_needed' } });
      expect((await createToken(instance(), {}, member.headers)).status).toBe(403);
      const created = await createToken(instance(), { scopes: ['usage:read'] }, member.headers);
      expect(created.body['organisationId']).toBe(id);
      const { body } = await instance().call('POST', configurations, {
        body: { name: 'Own' },
        headers: member.headers,
      });
      await instance().session({ id: String(body['id']), publicKey: String(body['publicKey']) });
      await instance().settled();
      const usage = await instance().get('/api/v1/usage/summary', member.headers);
      expect(usage.body['total']).toBe(1);
    });
  });
});
