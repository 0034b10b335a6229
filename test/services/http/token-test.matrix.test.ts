import { createPublicKey } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  addApiToken,
  addFixtureConfigurations,
  addOrganisation,
  useInstance,
} from '../../integration/http/support/instance.ts';
import { exchange, mint, type TestConfiguration } from '../../support/api.ts';
import { hostilePayloads, nonObjects } from '../../support/hostile-claims.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { acceptedFixtures, refusedFixtures } from '../../unit/tokens/support/fixtures.ts';
import { sealJwe } from '../../unit/tokens/support/seal-jwe.ts';

describeOnControlStore((stores) => {
  const instance = useInstance({}, stores);
  const path = '/api/v1/web-access-tokens/test';
  const configurations = '/api/v1/web-access-tokens/configurations';
  let configuration: TestConfiguration;
  beforeAll(async () => {
    configuration = await instance().configuration();
    await addFixtureConfigurations(instance());
  });

  const send = (token: unknown, headers?: Record<string, string>) =>
    instance().call('POST', path, { body: { token }, ...(headers && { headers }) });
  const test = async (claims: Record<string, unknown>, signer = configuration) =>
    (await send(await mint(signer, claims))).body;
  const outline = (body: Record<string, unknown>) =>
    (body['findings'] as Record<string, string>[]).map(
      ({ level, severity, path: claimPath }) => `${level} ${severity} ${claimPath}`,
    );
  const notChecked = 'data info /sub';
  /** Creates a token with a payload that no library would produce. */
  const seal = (payload: string, compress = true) =>
    sealJwe(payload, {
      header: { alg: 'RSA-OAEP-256', enc: 'A256GCM', ...(compress && { zip: 'DEF' }), kid: configuration.id },
      key: createPublicKey(configuration.publicKey),
      compress,
    });

  describe('a token test', () => {
    it('returns the header and payload of a token, and findings with level, path, severity, message and fix', async () => {
      const payload = { sub: 'alice', trc: ['a'], grants: { res: ['dashboards/1'] }, jti: 'x' };
      const { status, headers, body } = await send(`  ${await mint(configuration, payload)}\n`);
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toEqual({
        valid: true,
        header: { alg: 'RSA-OAEP-256', enc: 'A128GCM', zip: 'DEF', kid: configuration.id, typ: 'JWT' },
        payload,
        findings: [
          {
            level: 'data',
            path: '/sub',
            severity: 'info',
            message: 'was not checked: no subjects are registered',
            fix: expect.stringContaining('/api/v1/directory/subjects'),
          },
          expect.objectContaining({ level: 'data', path: '/grants/res', severity: 'info' }),
        ],
      });
    });

    it.each([
      [{ sub: 'a', exp: 1 }, ['logic error /exp', notChecked]],
      [{ sub: 'a', nbf: 4_102_444_800 }, ['logic error /nbf', notChecked]],
      [{ exp: 'soon' }, ['structure error /exp', 'structure error /sub', notChecked]],
      [{ sub: 'a', lng: 'de' }, ['structure error /lng', notChecked]],
      [
        { sub: 'a', acl: [], grants: { acl: [] } },
        ['logic warning /acl', 'logic warning /grants/acl', notChecked],
      ],
    ])('returns the expected findings for %j', async (claims, findings) => {
      const body = await test(claims);
      expect(outline(body).sort()).toEqual([...findings].sort());
      expect(body['valid']).toBe(!findings.some((finding) => finding.includes('error')));
      expect(body['payload']).toEqual(claims);
    });

    it('reports a disabled configuration and still returns the payload', async () => {
      const other = await instance().configuration();
      await instance().call('PATCH', `${configurations}/${other.id}`, { body: { enabled: false } });
      const body = await test({ sub: 'alice' }, other);
      expect(body).toMatchObject({ valid: false, payload: { sub: 'alice' } });
      expect(outline(body)).toEqual(['logic error /header/kid', notChecked]);
      await instance().call('DELETE', `${configurations}/${other.id}`);
      const deleted = await test({ sub: 'alice' }, other);
      expect(deleted).toMatchObject({ valid: false, payload: null, header: { kid: other.id } });
      expect(outline(deleted)).toEqual(['structure error /header/kid']);
    });

    it('reports a token whose key was replaced', async () => {
      const other = await instance().configuration();
      const keys = instance().control.store.updateTable('configuration_keys');
      await keys.set({ accepted_until: 1 }).where('configuration_id', '=', other.id).execute();
      await instance().call('PATCH', `${configurations}/${other.id}`, { body: { enabled: true } });
      expect(outline(await test({ sub: 'alice' }, other))).toEqual(['logic error /token', notChecked]);
    });

    it('returns the same response for a token of another organisation as for a token of an unknown configuration', async () => {
      const organisationId = await addOrganisation(instance());
      const { headers } = await addApiToken(instance(), { scopes: ['tokens:read'], organisationId });
      const unknown = { id: 'f'.repeat(24), publicKey: configuration.publicKey };
      const [foreign, unknownAnswer] = await Promise.all(
        [configuration, unknown].map(
          async (signer) => (await send(await mint(signer, { sub: 'a' }), headers)).body,
        ),
      );
      const { header, ...withoutHeader } = foreign ?? {};
      expect(header).toMatchObject({ kid: configuration.id });
      expect(withoutHeader).toEqual({ valid: false, payload: null, findings: unknownAnswer?.['findings'] });
      expect(outline(withoutHeader)).toEqual(['structure error /header/kid']);
    });

    it('reports why a text is not a valid token', async () => {
      const token = await mint(configuration, { sub: 'alice' });
      const withHeader = (header: unknown) =>
        [Buffer.from(JSON.stringify(header)).toString('base64url'), ...token.split('.').slice(1)].join('.');
      const kid = configuration.id;
      const good = { alg: 'RSA-OAEP-256', enc: 'A128GCM', kid };
      const cases: [string, string[]][] = [
        ['', ['/token']],
        ['a.b', ['/token']],
        [`${token}.a`, ['/token']],
        [`${token}=`, ['/token']],
        [withHeader([]), ['/header']],
        [withHeader({}), ['/header/alg', '/header/enc', '/header/kid']],
        [withHeader({ ...good, zip: 'GZ', crit: ['b64'] }), ['/header/crit', '/header/zip']],
        [withHeader({ ...good, alg: 'dir', p2c: 2 ** 31 }), ['/header/alg']],
        [withHeader({ ...good, kid: { toString: 1 } }), ['/header/kid']],
        [withHeader({ ...good, more: 1 }), ['/token']],
        [token.replace(/\.[^.]*$/, '.AAAA'), ['/token']],
        [
          await mint({ id: kid, publicKey: (await instance().configuration()).publicKey }, { sub: 'a' }),
          ['/token'],
        ],
      ];
      for (const [text, paths] of cases) {
        const { status, body } = await send(text);
        expect([text, status, body['valid'], body['payload']]).toEqual([text, 200, false, null]);
        expect([text, outline(body).sort()]).toEqual([
          text,
          paths.map((claimPath) => `structure error ${claimPath}`),
        ]);
      }
    });

    it('reports that a text is a link and where the token is, while an exchange of the link gets the response for any invalid text', async () => {
      const token = await mint(configuration, { sub: 'alice' });
      const links = [
        `${instance().url}/wat/${token}/dashboards/42?a=1`,
        `/wat/${token}`,
        `${token}/dashboards/42`,
      ];
      for (const text of links) {
        const { body } = await send(text);
        expect(body).toMatchObject({
          valid: false,
          payload: null,
          findings: [
            {
              path: '/token',
              message: expect.stringMatching(/^is a link.* between \/wat\/ and the next \/$/),
            },
          ],
        });
        const [link, other] = [await exchange(instance().url, text), await exchange(instance().url, 'a.b')];
        expect(link.body).toEqual(other.body);
      }
      // Plain base64 contains slashes too, but has no link after the token.
      const { body } = await send(token.replace(/...$/, '/+A'));
      expect(body['findings']).toMatchObject([{ message: 'is not canonical base64url' }]);
    });

    it('does not count a session', async () => {
      const other = await instance().configuration();
      const token = await mint(other, { sub: 'alice' });
      expect((await send(token)).body['valid']).toBe(true);
      await exchange(instance().url, token);
      expect((await send(token)).body['valid']).toBe(true);
      await instance().settled();
      const usage = await instance().get(`${configurations}/${other.id}/usage`);
      expect(usage.body).toMatchObject({ configurationId: other.id, today: 1, total: 1 });
    });

    it.each([{}, { token: 1 }, { token: 'a', more: 1 }, []])('rejects the body %j', async (body) => {
      expect((await instance().call('POST', path, { body })).body).toMatchObject({
        status: 400,
        code: 'invalid_request',
      });
    });

    it('requires only the scope tokens:read', async () => {
      const writer = await addApiToken(instance(), { scopes: ['tokens:write', 'tokens:request'] });
      expect((await send('a', writer.headers)).body).toMatchObject({
        status: 403,
        code: 'insufficient_scope',
      });
      expect((await send('a', {})).status).toBe(401);
      const reader = await addApiToken(instance(), { scopes: ['tokens:read'] });
      expect((await send('a', reader.headers)).status).toBe(200);
    });
  });

  describe('tokens of other libraries', () => {
    it('are decrypted to their claims', async () => {
      for (const { token, claims, name } of acceptedFixtures) {
        const { status, body } = await send(token);
        expect([name, status, body['payload']]).toEqual([name, 200, claims]);
      }
    });

    it.each(refusedFixtures)(
      'are reported as invalid if an exchange rejects them: $name',
      async ({ token, name }) => {
        const { status, body } = await send(token);
        expect(status).toBe(200);
        if (!/^jwcrypto: b64$/.test(name)) expect(body['valid']).toBe(false);
      },
    );
  });

  describe('hostile payloads', () => {
    it.each(Object.entries(hostilePayloads))(
      'get a response for %s, and are valid only if they can be exchanged',
      async (_, json) => {
        for (const token of [seal(json), seal(json, false)]) {
          const tested = await send(token);
          const exchanged = await exchange(instance().url, token);
          expect([200, 413]).toContain(tested.status);
          expect([200, 401, 413]).toContain(exchanged.status);
          if (tested.body['valid'] === true) expect(exchanged.status).toBe(200);
        }
      },
    );

    it.each(nonObjects.map((json) => [json.slice(0, 20), json]))(
      'are not valid payloads: %s',
      async (_, json) => {
        expect((await send(seal(json))).body).toMatchObject({ valid: false });
        expect((await exchange(instance().url, seal(json))).body['code']).toBe('token_invalid');
      },
    );

    it('leave the process ready and the built-in prototypes unchanged', async () => {
      expect((await instance().get('/health/ready')).status).toBe(200);
      expect(Object.prototype).not.toHaveProperty('polluted');
    });
  });
});
