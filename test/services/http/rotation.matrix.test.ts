import { createPublicKey } from 'node:crypto';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { itemsOf } from '../../integration/http/support/access-api.ts';
import { useInstance } from '../../integration/http/support/instance.ts';
import { exchange, mint, type TestConfiguration } from '../../support/api.ts';
import { adminToken } from '../../support/app-process.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';

const base = '/api/v1/web-access-tokens/configurations';
const pemType = 'application/x-pem-file';
const hourMs = 3_600_000;

/** Tests key rotation, and keys as files, over HTTP on each control store. */
describeOnControlStore((stores) => {
  const instance = useInstance({}, stores);
  const post = (path: string, body: unknown, headers?: Record<string, string>) =>
    instance().call('POST', path, { body, ...(headers && { headers }) });
  const rotate = (id: string, acceptOldUntil: unknown) => post(`${base}/${id}/rotate`, { acceptOldUntil });
  const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
  const codeOf = async (configuration: TestConfiguration) =>
    (await exchange(instance().url, await mint(configuration, { sub: 'alice' }))).body['code'];
  const generate = ({ id, publicKey }: TestConfiguration) =>
    post('/api/v1/web-access-tokens/generate', { configurationId: id, publicKey, payload: { sub: 'a' } });

  describe('a key rotation', () => {
    let old: TestConfiguration;
    let fresh: TestConfiguration;
    beforeAll(async () => {
      old = await instance().configuration('Rotated');
    });

    it('returns 201, Cache-Control: no-store, the same id and a new public key, which no later response contains', async () => {
      const before = (await instance().get(`${base}/${old.id}`)).body;
      const acceptedUntil = inMs(hourMs);
      const { status, headers, body } = await rotate(old.id, acceptedUntil);
      expect(status).toBe(201);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('location')).toBe(`${base}/${old.id}`);
      const { publicKey, ...withoutKey } = body;
      expect(withoutKey).toEqual(before);
      expect(publicKey).not.toBe(old.publicKey);
      expect(createPublicKey(String(publicKey)).asymmetricKeyDetails?.modulusLength).toBe(2048);
      fresh = { id: old.id, publicKey: String(publicKey) };
      const keys = await instance().get(`${base}/${old.id}/keys`);
      expect([keys.status, keys.body]).toEqual([
        200,
        {
          items: [
            { createdAt: expect.any(String), acceptedUntil: null },
            { createdAt: before['createdAt'], acceptedUntil },
          ],
        },
      ]);
      expect(keys.text).not.toMatch(/BEGIN|digest/);
      expect((await instance().get(`${base}/${old.id}`)).body).toEqual(before);
    });

    it('keeps the old key valid until the given time, and token generation with the old key returns a warning', async () => {
      expect([await codeOf(old), await codeOf(fresh)]).toEqual([undefined, undefined]);
      const path = '/api/v1/web-access-tokens/test';
      const generated = await generate(old);
      const warning = {
        ...{ level: 'logic', path: '/token', severity: 'warning' },
        message: expect.stringMatching(/replaced key, which is accepted until \d{4}-.*Z$/),
        fix: expect.stringContaining('newest'),
      };
      expect(generated).toMatchObject({ status: 200, body: { findings: [warning] } });
      const tested = await post(path, { token: generated.body['token'] });
      expect(tested.body).toMatchObject({ valid: true, findings: [warning, { level: 'data' }] });
      expect((await generate(fresh)).body['findings']).toEqual([]);
    });

    it('makes the old key invalid at the given time, and the key is then deleted', async () => {
      const untilMs = Date.now() + 1200;
      const third = await rotate(old.id, new Date(untilMs).toISOString());
      await new Promise((resolve) => setTimeout(resolve, untilMs - Date.now()));
      expect([await codeOf(old), await codeOf(fresh)]).toEqual(['token_invalid', 'token_invalid']);
      expect(await generate(fresh)).toMatchObject({ status: 422, body: { code: 'invalid_public_key' } });
      expect((await instance().get(`${base}/${old.id}/keys`)).body).toEqual({
        items: [{ createdAt: expect.any(String), acceptedUntil: null }],
      });
      const newest = { id: old.id, publicKey: String(third.body['publicKey']) };
      expect(await codeOf(newest)).toBeUndefined();
      const keys = instance().control.store.selectFrom('configuration_keys').select('id');
      await vi.waitFor(
        async () => expect(await keys.where('configuration_id', '=', old.id).execute()).toHaveLength(1),
        { timeout: 10_000 },
      );
      expect(await codeOf(newest)).toBeUndefined();
    });

    it('makes old keys invalid immediately if the given time is in the past', async () => {
      const configuration = await instance().configuration();
      expect(await codeOf(configuration)).toBeUndefined();
      const { body } = await rotate(configuration.id, '2026-01-01T01:00:00+01:00');
      expect(await codeOf(configuration)).toBe('token_invalid');
      expect((await generate(configuration)).status).toBe(422);
      const rotated = { id: configuration.id, publicKey: String(body['publicKey']) };
      expect(await codeOf(rotated)).toBeUndefined();
    });

    it('succeeds for a disabled configuration, and returns 404 for a deleted or unknown configuration', async () => {
      const { id } = await instance().configuration();
      const path = `${base}/${id}`;
      await instance().call('PATCH', path, { body: { enabled: false } });
      const rotated = await rotate(id, inMs(0));
      expect(rotated).toMatchObject({ status: 201, body: { id, enabled: false } });
      expect(await codeOf({ id, publicKey: String(rotated.body['publicKey']) })).toBe('token_invalid');
      await instance().call('DELETE', path);
      for (const missingId of [id, 'f'.repeat(24), 'a%00b', '%F0%9F%98%80'])
        expect(await rotate(missingId, inMs(hourMs))).toMatchObject({
          status: 404,
          body: { code: 'configuration_not_found' },
        });
    });

    it.each([
      [{}, ['/acceptOldUntil']],
      [{ acceptOldUntil: null }, ['/acceptOldUntil']],
      [{ acceptOldUntil: 1_800_000_000 }, ['/acceptOldUntil']],
      [{ acceptOldUntil: '2026-12-01' }, ['/acceptOldUntil']],
      [{ acceptOldUntil: '2026-12-01T00:00:00' }, ['/acceptOldUntil']],
      [{ acceptOldUntil: '2026-02-30T00:00:00Z' }, ['/acceptOldUntil']],
      [{ acceptOldUntil: '9999-12-31T23:59:59Z' }, ['/acceptOldUntil']],
      [{ acceptOldUntil: 'tomorrow', name: 'x' }, ['/acceptOldUntil', '/name']],
    ])('rejects %j and reports every invalid member', async (body, paths) => {
      const answer = await post(`${base}/${old.id}/rotate`, body);
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
      const errors = answer.body['errors'] as { path: string; message: string }[];
      expect(errors.map(({ path }) => path).sort()).toEqual(paths);
      expect(answer.text).not.toMatch(/tomorrow|9999/);
    });

    it('is recorded in the audit log with the time, without keys', async () => {
      const { id, publicKey } = await instance().configuration();
      const acceptOldUntil = inMs(hourMs);
      await rotate(id, acceptOldUntil);
      await rotate(id, 'soon');
      const log = await instance().get('/api/v1/audit?limit=500');
      const lines = itemsOf(log).filter(({ target }) => target === id);
      const common = { action: 'configuration.rotate', organisationId: 'default' };
      expect(lines.slice(0, 2)).toMatchObject([
        { ...common, result: 'FAIL', details: { status: 400 } },
        { ...common, result: 'OK', details: { status: 201, acceptOldUntil } },
      ]);
      expect(log.text).not.toMatch(/BEGIN/);
      expect(log.text).not.toContain(publicKey.split('\n')[1]);
    });
  });

  describe('a public key as a file', () => {
    const admin = () => ({ authorization: `Bearer ${adminToken}`, accept: pemType });

    it('is returned if the Accept header or `format` requests it, with the configuration id in a header', async () => {
      const name = 'Portal Zoë / "<b>" 日本';
      const created = await post(base, { name }, admin());
      expect(created.status).toBe(201);
      const id = created.headers.get('x-configuration-id') ?? '';
      expect(id).toMatch(/^[0-9a-f]{24}$/);
      expect(Object.fromEntries(created.headers)).toMatchObject({
        'content-type': pemType,
        'cache-control': 'no-store',
        location: `${base}/${id}`,
        'x-content-type-options': 'nosniff',
        'content-disposition':
          `attachment; filename="Portal Zo_ _ __b__ __.pub"; ` +
          `filename*=UTF-8''Portal%20Zo%C3%AB%20_%20__b__%20%E6%97%A5%E6%9C%AC.pub`,
      });
      expect(created.text).toMatch(/^-----BEGIN PUBLIC KEY-----\n[^-]+-----END PUBLIC KEY-----\n$/);
      expect(await codeOf({ id, publicKey: created.text })).toBeUndefined();
      expect((await instance().get(`${base}/${id}`)).body).toMatchObject({ name, enabled: true });

      const rotated = await post(`${base}/${id}/rotate?format=pub`, { acceptOldUntil: inMs(0) });
      expect([rotated.status, rotated.headers.get('x-configuration-id')]).toEqual([201, id]);
      expect(rotated.headers.get('content-type')).toBe(pemType);
      expect(await codeOf({ id, publicKey: rotated.text })).toBeUndefined();
      expect(await codeOf({ id, publicKey: created.text })).toBe('token_invalid');
    });

    it('is replaced by JSON if the Accept header does not prefer a file, or if format=json', async () => {
      const { authorization } = admin();
      for (const [path, accept] of [
        [base, '*/*'],
        [base, `application/json, ${pemType};q=0.1`],
        [`${base}?format=json`, pemType],
      ] as const) {
        const created = await post(path, { name: 'JSON' }, { authorization, accept });
        expect(created.headers.get('content-type')).toMatch(/^application\/json/);
        expect(created.body['publicKey']).toMatch(/^-----BEGIN/);
      }
    });

    it('does not change the format of errors', async () => {
      const refused = await post(`${base}?format=pem`, { name: '' }, admin());
      expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(refused.body).toMatchObject({ status: 400, code: 'invalid_request' });
    });
  });
});
