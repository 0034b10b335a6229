import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { exchange, mint, type TestConfiguration } from '../../support/api.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { addApiToken, useInstance } from './support/instance.ts';

describeOnControlStore((stores) => {
  const instance = useInstance({}, stores);
  const base = '/api/v1/web-access-tokens/configurations';

  const send = (method: string, path: string, body?: unknown) =>
    instance().call(method, path, body === undefined ? {} : { body });
  const codeOf = async (configuration: TestConfiguration) =>
    (await exchange(instance().url, await mint(configuration, { sub: 'alice' }))).body['code'];

  describe('creating a configuration', () => {
    it('returns 201, Cache-Control: no-store and the public key, which no later response contains', async () => {
      const { status, headers, body } = await send('POST', base, { name: 'Portal Zoë "<b>" 日本 \u{1f600}' });
      expect(status).toBe(201);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('location')).toBe(`${base}/${body['id']}`);
      expect(body).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
        name: 'Portal Zoë "<b>" 日本 \u{1f600}',
        enabled: true,
        publicKey: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----\n/),
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      });
      expect(createPublicKey(String(body['publicKey'])).asymmetricKeyDetails?.modulusLength).toBe(2048);

      const { publicKey, ...withoutKey } = body;
      const readBack = await send('GET', `${base}/${body['id']}`);
      expect(readBack.body).toEqual(withoutKey);
      for (const answer of [
        readBack,
        await send('GET', base),
        await send('PATCH', `${base}/${body['id']}`, { name: 'x' }),
      ]) {
        expect(answer.text).not.toMatch(/key/i);
      }
      expect(publicKey).toBeDefined();
    });

    it('accepts a duplicate name and creates two configurations', async () => {
      const [first, second] = [
        await instance().configuration('Same'),
        await instance().configuration('Same'),
      ];
      expect(first?.id).not.toBe(second?.id);
      expect(first?.publicKey).not.toBe(second?.publicKey);
    });

    it.each([
      [{}, ['/name']],
      [{ name: 7, enabled: true, id: 'x' }, ['/enabled', '/id', '/name']],
      [{ name: '' }, ['/name']],
      [{ name: ' \u00a0\u3000' }, ['/name']],
      [{ name: 'a'.repeat(201) }, ['/name']],
      [{ name: 'a\u0000b' }, ['/name']],
      [{ name: 'a\u001fb' }, ['/name']],
      [{ name: '\u007f' }, ['/name']],
      [{ name: 'a\u0085b' }, ['/name']],
      [{ name: 'a\nb' }, ['/name']],
      [{ name: 'a', publicKey: 'mine' }, ['/publicKey']],
    ])('rejects %j and reports every invalid member', async (body, paths) => {
      const answer = await send('POST', base, body);
      expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_request']);
      const errors = answer.body['errors'] as { path: string; message: string }[];
      expect([...new Set(errors.map(({ path }) => path))].sort()).toEqual(paths);
      for (const { message } of errors) expect(message).not.toBe('');
    });

    it.each(['', ' ', 'a\nb', 7])(
      'reports all rules for names in one message if the name is %j',
      async (name) => {
        const message =
          'must have 1 to 200 characters, not only spaces, and no control, direction or invisible characters';
        expect((await send('POST', base, { name })).body['errors']).toEqual([{ path: '/name', message }]);
      },
    );

    it('rejects a name with an unpaired surrogate, because such a name cannot be stored unchanged', async () => {
      expect((await send('POST', base, '{"name":"a\\ud800b"}')).status).toBe(400);
      expect((await send('POST', base, '{"name":"\\ud83d\\ude00"}')).status).toBe(201);
    });

    it('accepts names of 200 characters, including multi-byte characters', async () => {
      const name = '\u{1f600}'.repeat(200);
      expect((await send('POST', base, { name })).body['name']).toBe(name);
    });

    it('responds to a hostile name of 250,000 characters within 2 s', async () => {
      const startMs = performance.now();
      expect((await send('POST', base, { name: `${'a'.repeat(250_000)}\n\n` })).status).toBe(400);
      expect((await send('POST', base, { name: `${' '.repeat(250_000)}\n\n` })).status).toBe(400);
      expect(performance.now() - startMs).toBeLessThan(2000);
    });
  });

  describe('changing a configuration', () => {
    it('takes effect at the next exchange if the change disables, enables or deletes the configuration', async () => {
      const configuration = await instance().configuration();
      const url = `${base}/${configuration.id}`;
      expect(await codeOf(configuration)).toBeUndefined();
      expect((await send('PATCH', url, { enabled: false })).body).toMatchObject({
        enabled: false,
        name: 'Test',
      });
      expect(await codeOf(configuration)).toBe('token_invalid');
      expect((await send('PATCH', url, { enabled: true, name: 'New' })).body).toMatchObject({
        enabled: true,
        name: 'New',
      });
      expect(await codeOf(configuration)).toBeUndefined();
      const deleted = await send('DELETE', url);
      expect([deleted.status, deleted.text]).toEqual([204, '']);
      expect(await codeOf(configuration)).toBe('token_invalid');
      for (const answer of [send('GET', url), send('PATCH', url, { enabled: true }), send('DELETE', url)]) {
        expect((await answer).body).toMatchObject({ status: 404, code: 'configuration_not_found' });
      }
      expect((await send('GET', base)).text).not.toContain(configuration.id);
    });

    it('returns 404 for ids that a store cannot contain', async () => {
      for (const id of ['%00', 'a%00b', '%EF%BF%BE', '%F0%9F%98%80', '%27--']) {
        for (const answer of [
          await send('GET', `${base}/${id}`),
          await send('GET', `${base}/${id}/usage`),
          await send('PATCH', `${base}/${id}`, { enabled: true }),
          await send('DELETE', `${base}/${id}`),
        ]) {
          expect(answer.body).toMatchObject({ status: 404, code: 'configuration_not_found' });
        }
      }
    });

    it('applies both of two concurrent changes', async () => {
      const { id } = await instance().configuration();
      for (let round = 0; round < 3; round += 1) {
        const name = `Round ${round}`;
        await send('PATCH', `${base}/${id}`, { enabled: true });
        await Promise.all([
          send('PATCH', `${base}/${id}`, { name }),
          send('PATCH', `${base}/${id}`, { enabled: false }),
        ]);
        expect((await send('GET', `${base}/${id}`)).body).toMatchObject({ name, enabled: false });
      }
    });

    it.each([{}, { enabled: 'true' }, { enabled: null }, { name: '' }, { id: 'x' }, { publicKey: 'x' }, []])(
      'rejects the body %j',
      async (body) => {
        expect((await send('PATCH', `${base}/${'0'.repeat(24)}`, body)).body).toMatchObject({
          status: 400,
          code: 'invalid_request',
        });
      },
    );
  });

  describe('the list of configurations', () => {
    const page = (query: string, headers: Record<string, string>) =>
      instance().get(`${base}${query}`, headers);

    it('starts with the newest configuration, and its cursor stays valid while configurations are created and deleted', async () => {
      const ids: string[] = [];
      for (let index = 0; index < 6; index += 1)
        ids.unshift((await instance().configuration(`Page ${index}`)).id);
      const { headers } = await addApiToken(instance(), { scopes: ['tokens:read'] });
      const idsOf = (answer: { body: Record<string, unknown> }) =>
        (answer.body['items'] as { id: string }[]).map(({ id }) => id);

      const first = await page('?limit=2', headers);
      expect(idsOf(first)).toEqual(ids.slice(0, 2));
      await instance().configuration('Later');
      await send('DELETE', `${base}/${ids[0]}`);
      await send('DELETE', `${base}/${ids[1]}`);
      const second = await page(`?limit=2&cursor=${first.body['nextCursor']}`, headers);
      expect(idsOf(second)).toEqual(ids.slice(2, 4));
      const lastPage = await page(`?limit=500&cursor=${second.body['nextCursor']}`, headers);
      expect(idsOf(lastPage)[0]).toBe(ids[4]);
      expect(lastPage.body['nextCursor']).toBeNull();
      expect(Object.keys(lastPage.body).sort()).toEqual(['items', 'nextCursor']);
    });
  });
});
