import { beforeAll, describe, expect, it, vi } from 'vitest';
import { addApiToken, addOrganisation, useInstance } from '../../integration/http/support/instance.ts';
import { exchange, mint, type TestConfiguration } from '../../support/api.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';

describeOnControlStore((stores) => {
  const instance = useInstance({}, stores);
  const base = '/api/v1/web-access-tokens/configurations';
  const all = ['tokens:read', 'tokens:write', 'usage:read'] as const;

  let home: { headers: Record<string, string>; configuration: TestConfiguration };
  let foreign: { headers: Record<string, string>; configuration: TestConfiguration };

  async function createMember(organisationId: string, name: string) {
    const { headers } = await addApiToken(instance(), { scopes: all, organisationId });
    const { body } = await instance().call('POST', base, { headers, body: { name } });
    const configuration = { id: String(body['id']), publicKey: String(body['publicKey']) };
    return { headers, configuration };
  }

  beforeAll(async () => {
    const organisation = await addOrganisation(instance());
    home = await createMember('default', 'Home');
    foreign = await createMember(organisation, 'Foreign');
    // The running process must first load the new organisation.
    const claims = { sub: 'viewer', trc: ['only-foreign'] };
    await vi.waitFor(() => instance().session(foreign.configuration, claims), { timeout: 2000 });
    for (const [{ configuration }, tag, count] of [
      [home, 'shared', 2],
      [foreign, 'shared', 3],
    ] as const) {
      for (let index = 0; index < count; index += 1) {
        await instance().session(configuration, { sub: `viewer-${index}`, trc: [tag] });
      }
    }
    await instance().settled();
  });

  describe('an object of another organisation', () => {
    it('returns the same response as an object that does not exist', async () => {
      const unknown = `${base}/${'0'.repeat(24)}`;
      const foreignPath = `${base}/${foreign.configuration.id}`;
      for (const [method, suffix, body] of [
        ['GET', ''],
        ['PATCH', '', { enabled: false }],
        ['DELETE', ''],
        ['GET', '/usage'],
      ] as const) {
        const options = { headers: home.headers, ...(body && { body }) };
        const answer = await instance().call(method, foreignPath + suffix, options);
        expect(answer.body).toMatchObject({ status: 404, code: 'configuration_not_found' });
        expect(answer.text).toBe((await instance().call(method, unknown + suffix, options)).text);
      }
      // The rejected requests left the configuration unchanged.
      const token = await mint(foreign.configuration, { sub: 'alice', trc: ['after-rejection'] });
      expect((await exchange(instance().url, token)).status).toBe(200);
    });

    it('is not included in any list', async () => {
      const listed = async (path: string, headers: Record<string, string>) =>
        (await instance().get(path, headers)).text;
      for (const path of [base, '/api/v1/usage/configurations']) {
        expect(await listed(path, home.headers)).not.toContain(foreign.configuration.id);
        expect(await listed(path, foreign.headers)).toContain(foreign.configuration.id);
        expect(await listed(path, foreign.headers)).not.toContain(home.configuration.id);
      }
      expect(await listed('/api/v1/usage/tags', home.headers)).not.toContain('only-foreign');
    });

    it('is not counted, even if a filter contains its id', async () => {
      const totalOf = async (query: string, headers?: Record<string, string>) =>
        (await instance().get(`/api/v1/usage/summary${query}`, headers)).body['total'];
      const byId = `?configurationId=${foreign.configuration.id}`;
      expect(await totalOf('', home.headers)).toBe(2);
      expect(await totalOf('?tag=shared', home.headers)).toBe(2);
      expect(await totalOf('?tag=only-foreign', home.headers)).toBe(0);
      expect(await totalOf(byId, home.headers)).toBe(0);
      expect(await totalOf(`${byId}&tag=shared`, foreign.headers)).toBe(3);
      const usage = await instance().get('/api/v1/usage/tags/shared', home.headers);
      expect(usage.body).toMatchObject({ total: 2 });
    });
  });

  describe('an API token with access to all organisations', () => {
    it('can read both organisations, and creates configurations in the default organisation', async () => {
      expect((await instance().get(`${base}/${foreign.configuration.id}`)).status).toBe(200);
      const { body } = await instance().get('/api/v1/usage/summary?tag=shared');
      expect(body['total']).toBe(5);
      const created = await instance().configuration('By the administrator');
      expect((await instance().get(`${base}/${created.id}`, home.headers)).status).toBe(200);
      expect((await instance().get(`${base}/${created.id}`, foreign.headers)).status).toBe(404);
    });
  });

  describe('a change by another process', () => {
    const codeOf = async (configuration: TestConfiguration) =>
      (await exchange(instance().url, await mint(configuration, { sub: 'bob' }))).body['code'];

    it('takes effect within 2 seconds, also for cached tokens', async () => {
      const { configurations } = instance().control;
      const { configuration } = home;
      const token = await mint(configuration, { sub: 'remembered' });
      expect((await exchange(instance().url, token)).status).toBe(200);
      const waitForCode = (code: string | undefined) =>
        vi.waitFor(
          async () => {
            expect((await exchange(instance().url, token)).body['code']).toBe(code);
            expect(await codeOf(configuration)).toBe(code);
          },
          { timeout: 2000, interval: 50 },
        );
      await configurations.change(configuration.id, { enabled: false }, undefined);
      await waitForCode('token_invalid');
      await configurations.change(configuration.id, { enabled: true }, undefined);
      await waitForCode(undefined);
      await configurations.delete(configuration.id, undefined);
      await waitForCode('token_invalid');
    });
  });

  /** Alters a configuration's encrypted private key, like a faulty restore or disk would. */
  async function damage({ id }: TestConfiguration, change: (sealed: string) => string): Promise<void> {
    const { store } = instance().control;
    const table = store.selectFrom('configuration_keys').select('private_key');
    const { private_key } = await table.where('configuration_id', '=', id).executeTakeFirstOrThrow();
    await store
      .updateTable('configuration_keys')
      .set({ private_key: change(private_key) })
      .where('configuration_id', '=', id)
      .execute();
  }

  describe('a private key that cannot be decrypted', () => {
    it.each<[string, (sealed: string) => string]>([
      ['changed', (sealed) => `${sealed.slice(0, -6)}AAAAAA`],
      ['empty', () => ''],
    ])('(%s) affects only the tokens of its own configuration', async (_, change) => {
      const damaged = await instance().configuration('Damaged');
      const sound = await instance().configuration('Sound');
      await damage(damaged, change);
      const statusOf = async (configuration: TestConfiguration) =>
        (await exchange(instance().url, await mint(configuration, { sub: 'alice' }))).status;
      // The process reloads all configurations after a change by another process, including the damaged one.
      const marker = await instance().configuration('Marker');
      await instance().control.configurations.delete(marker.id, undefined);
      await vi.waitFor(async () => expect(await statusOf(marker)).toBe(401), { timeout: 2000 });

      const statuses = await Promise.all(
        Array.from({ length: 20 }, (_, index) => statusOf(index % 2 === 0 ? damaged : sound)),
      );
      expect(statuses.filter((status) => status === 200)).toHaveLength(10);
      expect(instance().app.child.exitCode).toBeNull();
      expect(await statusOf(sound)).toBe(200);
      expect((await instance().get('/health/ready')).status).toBe(200);
    });
  });
});
