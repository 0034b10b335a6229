import { beforeAll, describe, expect, it, vi } from 'vitest';
import { addApiToken, addOrganisation, useInstance } from '../../integration/http/support/instance.ts';
import { exchange, mint, type TestConfiguration } from '../../support/api.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';

describeOnControlStore((stores) => {
  const instance = useInstance({}, stores);
  const base = '/api/v1/web-access-tokens/configurations';
  const all = ['tokens:read', 'tokens:write', 'usage:read'] as const;

  let here: { headers: Record<string, string>; configuration: TestConfiguration };
  let there: { headers: Record<string, string>; configuration: TestConfiguration };

  async function member(organisationId: string, name: string) {
    const { headers } = await addApiToken(instance(), { scopes: all, organisationId });
    const { body } = await instance().call('POST', base, { headers, body: { name } });
    const configuration = { id: String(body['id']), publicKey: String(body['publicKey']) };
    return { headers, configuration };
  }

  beforeAll(async () => {
    const organisation = await addOrganisation(instance());
    here = await member('default', 'Here');
    there = await member(organisation, 'There');
    // The running process has to notice the organisation first.
    const claims = { sub: 'viewer', trc: ['only-there'] };
    await vi.waitFor(() => instance().session(there.configuration, claims), { timeout: 2000 });
    for (const [{ configuration }, tag, count] of [
      [here, 'shared', 2],
      [there, 'shared', 3],
    ] as const) {
      for (let index = 0; index < count; index += 1) {
        await instance().session(configuration, { sub: `viewer-${index}`, trc: [tag] });
      }
    }
    await instance().settled();
  });

  describe('what belongs to another organisation', () => {
    it('is not found: the same answer as for what is not there', async () => {
      const unknown = `${base}/${'0'.repeat(24)}`;
      const foreign = `${base}/${there.configuration.id}`;
      for (const [method, suffix, body] of [
        ['GET', ''],
        ['PATCH', '', { enabled: false }],
        ['DELETE', ''],
        ['GET', '/usage'],
      ] as const) {
        const options = { headers: here.headers, ...(body && { body }) };
        const answer = await instance().call(method, foreign + suffix, options);
        expect(answer.body).toMatchObject({ status: 404, code: 'configuration_not_found' });
        expect(answer.text).toBe((await instance().call(method, unknown + suffix, options)).text);
      }
      // And nothing was done to it.
      const token = await mint(there.configuration, { sub: 'alice', trc: ['after'] });
      expect((await exchange(instance().url, token)).status).toBe(200);
    });

    it('is in no list', async () => {
      const listed = async (path: string, headers: Record<string, string>) =>
        (await instance().get(path, headers)).text;
      for (const path of [base, '/api/v1/usage/configurations']) {
        expect(await listed(path, here.headers)).not.toContain(there.configuration.id);
        expect(await listed(path, there.headers)).toContain(there.configuration.id);
        expect(await listed(path, there.headers)).not.toContain(here.configuration.id);
      }
      expect(await listed('/api/v1/usage/tags', here.headers)).not.toContain('only-there');
    });

    it('is in no count, also where it is asked for by name', async () => {
      const totalOf = async (query: string, headers?: Record<string, string>) =>
        (await instance().get(`/api/v1/usage/summary${query}`, headers)).body['total'];
      const byId = `?configurationId=${there.configuration.id}`;
      expect(await totalOf('', here.headers)).toBe(2);
      expect(await totalOf('?tag=shared', here.headers)).toBe(2);
      expect(await totalOf('?tag=only-there', here.headers)).toBe(0);
      expect(await totalOf(byId, here.headers)).toBe(0);
      expect(await totalOf(`${byId}&tag=shared`, there.headers)).toBe(3);
      const one = await instance().get('/api/v1/usage/tags/shared', here.headers);
      expect(one.body).toMatchObject({ total: 2 });
    });
  });

  describe('a token of all organisations', () => {
    it('sees both, and what it makes belongs to the first', async () => {
      expect((await instance().get(`${base}/${there.configuration.id}`)).status).toBe(200);
      const { body } = await instance().get('/api/v1/usage/summary?tag=shared');
      expect(body['total']).toBe(5);
      const made = await instance().configuration('By the administrator');
      expect((await instance().get(`${base}/${made.id}`, here.headers)).status).toBe(200);
      expect((await instance().get(`${base}/${made.id}`, there.headers)).status).toBe(404);
    });
  });

  describe('another process', () => {
    const codeOf = async (configuration: TestConfiguration) =>
      (await exchange(instance().url, await mint(configuration, { sub: 'bob' }))).body['code'];

    it('disables and deletes within 2 seconds, also tokens that were opened before', async () => {
      const { configurations } = instance().control;
      const { configuration } = here;
      const token = await mint(configuration, { sub: 'remembered' });
      expect((await exchange(instance().url, token)).status).toBe(200);
      const becomes = (code: string | undefined) =>
        vi.waitFor(
          async () => {
            expect((await exchange(instance().url, token)).body['code']).toBe(code);
            expect(await codeOf(configuration)).toBe(code);
          },
          { timeout: 2000, interval: 50 },
        );
      await configurations.change(configuration.id, { enabled: false }, undefined);
      await becomes('token_invalid');
      await configurations.change(configuration.id, { enabled: true }, undefined);
      await becomes(undefined);
      await configurations.delete(configuration.id, undefined);
      await becomes('token_invalid');
    });
  });

  /** Changes the sealed private key of a configuration, as a bad restore or a bad disk would. */
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

  describe('a private key that cannot be opened', () => {
    it.each<[string, (sealed: string) => string]>([
      ['changed', (sealed) => `${sealed.slice(0, -6)}AAAAAA`],
      ['gone', () => ''],
    ])('(%s) fails its own tokens only: the process and all others go on', async (_, change) => {
      const damaged = await instance().configuration('Damaged');
      const sound = await instance().configuration('Sound');
      await damage(damaged, change);
      const statusOf = async (configuration: TestConfiguration) =>
        (await exchange(instance().url, await mint(configuration, { sub: 'alice' }))).status;
      // Everything is read anew when another process has changed something: then the damage is read, too.
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
