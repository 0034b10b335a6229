import { generateKeyPairSync, randomInt } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { exchange, type TestConfiguration } from '../../support/api.ts';
import { hostilePayloads } from '../../support/hostile-claims.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { addApiToken, addOrganisation, useInstance } from './support/instance.ts';

describeOnControlStore((stores) => {
  const instance = useInstance({}, stores);
  const path = '/api/v1/web-access-tokens/generate';
  const configurations = '/api/v1/web-access-tokens/configurations';
  let configuration: TestConfiguration;
  beforeAll(async () => {
    configuration = await instance().configuration();
  });

  const send = (body: unknown, headers?: Record<string, string>) =>
    instance().call('POST', path, { body, ...(headers && { headers }) });
  const bodyOf = (payload: unknown, more: Record<string, unknown> = {}) => ({
    configurationId: configuration.id,
    publicKey: configuration.publicKey,
    payload,
    ...more,
  });
  const codeOfExchange = async (token: unknown) => (await exchange(instance().url, token)).body['code'];

  describe('generating a token', () => {
    it('returns a token that can be exchanged, with Cache-Control: no-store', async () => {
      const { status, headers, body } = await send(bodyOf({ sub: 'alice', trc: ['a'], jti: 'x' }));
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toEqual({ token: expect.any(String), findings: [] });
      const [header = ''] = String(body['token']).split('.');
      expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
        alg: 'RSA-OAEP-256',
        enc: 'A128GCM',
        zip: 'DEF',
        kid: configuration.id,
        typ: 'JWT',
      });
      expect((await exchange(instance().url, body['token'])).status).toBe(200);
    });

    it('creates tokens that are not valid yet, and returns warnings as findings', async () => {
      const notYetValid = await send(bodyOf({ sub: 'alice', nbf: 4_102_444_800 }));
      expect([notYetValid.status, notYetValid.body['findings']]).toEqual([200, []]);
      expect(await codeOfExchange(notYetValid.body['token'])).toBe('token_not_yet_valid');
      const warned = await send(bodyOf({ sub: 'alice', res: [], grants: { acl: [] } }));
      expect(warned.status).toBe(200);
      expect(warned.body['findings']).toMatchObject([
        { level: 'logic', path: '/res', severity: 'warning' },
        { level: 'logic', path: '/grants/acl', severity: 'warning' },
      ]);
    });

    it('accepts the public key on one line, with CRLF, with escaped line breaks, and with white space around it', async () => {
      const { publicKey } = configuration;
      for (const spelling of [
        publicKey.replaceAll('\n', ''),
        publicKey.replaceAll('\n', ' '),
        publicKey.replaceAll('\n', '\r\n'),
        publicKey.replaceAll('\n', '\\n'),
        publicKey.replaceAll('\n', '\\r\\n'),
        `\n\t ${publicKey} \n`,
      ]) {
        const { status, body } = await send(bodyOf({ sub: 'alice' }, { publicKey: spelling }));
        expect([spelling, status]).toEqual([spelling, 200]);
        expect(await codeOfExchange(body['token'])).toBeUndefined();
      }
    });

    it('rejects the key of another configuration, and a text that is not a public RSA key', async () => {
      const other = await instance().configuration('Other');
      const pem = { type: 'spki', format: 'pem' } as const;
      const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      for (const publicKey of [
        other.publicKey,
        rsa.publicKey.export(pem),
        curve.publicKey.export(pem),
        rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }),
        configuration.publicKey.slice(0, 200),
        configuration.publicKey + configuration.publicKey,
        '-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----',
        '',
        'key',
      ]) {
        const { status, body, text } = await send(bodyOf({ sub: 'alice' }, { publicKey }));
        expect([status, body['code'], body['title']]).toEqual([
          422,
          'invalid_public_key',
          'Invalid public key',
        ]);
        expect(body['errors']).toMatchObject([{ path: '/publicKey' }]);
        expect(text).not.toContain('BEGIN');
      }
    });

    it('rejects an invalid payload with all findings, without repeating its values', async () => {
      const marker = 'marker-7f3a';
      const payload = {
        exp: 1,
        nbf: marker,
        lng: marker,
        grants: { res: [marker], acl: [] },
        trc: [marker, ''],
      };
      const { status, headers, body, text } = await send(bodyOf(payload));
      expect(status).toBe(422);
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(body).toMatchObject({ code: 'payload_invalid', status: 422 });
      const findings = body['findings'] as Record<string, string>[];
      expect(findings.map(({ level, severity, path }) => `${level} ${severity} ${path}`).sort()).toEqual([
        'logic error /exp',
        'logic warning /grants/acl',
        'structure error /grants/res/0',
        'structure error /lng',
        'structure error /nbf',
        'structure error /sub',
        'structure error /trc/1',
      ]);
      for (const { message, fix } of findings) expect([message, fix]).not.toContain('');
      expect((body['errors'] as { path: string }[]).map(({ path: at }) => at).sort()).toEqual([
        ...['/payload/exp', '/payload/grants/res/0', '/payload/lng', '/payload/nbf', '/payload/sub'],
        '/payload/trc/1',
      ]);
      expect(text).not.toContain(marker);
    });

    it('accepts grants of 81,200 characters and rejects grants of 81,201 characters', async () => {
      const grantsOf = (chars: number) => ({
        res: ['dashboards/a'],
        flt: [{ jaql: { title: 'x'.repeat(chars - '["dashboards/a"][{"jaql":{"title":""}}]'.length) } }],
      });
      const most = await send(bodyOf({ sub: 'alice', grants: grantsOf(81_200) }));
      expect(most.status).toBe(200);
      expect(await codeOfExchange(most.body['token'])).toBeUndefined();
      const more = await send(bodyOf({ sub: 'alice', grants: grantsOf(81_201) }));
      expect([more.status, more.body['code']]).toEqual([422, 'payload_invalid']);
    });

    it('warns about a token that is too long for a link, and rejects a payload whose token would be too long for an exchange', async () => {
      const long = await send(bodyOf({ sub: 'alice', jti: randomText(20_000) }));
      expect(long.body['findings']).toMatchObject([{ path: '/token', severity: 'warning' }]);
      const longest = await send(bodyOf({ sub: 'alice', jti: randomText(255_000) }));
      expect([longest.status, longest.body['code']]).toEqual([422, 'payload_invalid']);
      expect(longest.body['errors']).toMatchObject([{ path: '/payload' }]);
    });

    it('returns 404 for a deleted or unknown configuration, and warns about a disabled configuration', async () => {
      const other = await instance().configuration();
      const request = bodyOf({ sub: 'alice' }, { configurationId: other.id, publicKey: other.publicKey });
      await instance().call('PATCH', `${configurations}/${other.id}`, { body: { enabled: false } });
      const disabled = await send(request);
      expect(disabled.status).toBe(200);
      expect(disabled.body['findings']).toMatchObject([{ path: '/header/kid', severity: 'warning' }]);
      expect(await codeOfExchange(disabled.body['token'])).toBe('token_invalid');
      await instance().call('DELETE', `${configurations}/${other.id}`);
      for (const configurationId of [other.id, 'f'.repeat(24), '__proto__', 'a\u0000b', ''])
        expect((await send({ ...request, configurationId })).body).toMatchObject({
          status: 404,
          code: 'configuration_not_found',
        });
    });

    it.each([
      ['viewer', { sub: 'bob' }],
      ['configuration', {}],
    ])(
      'rejects claims that a revocation of the %s covers, because an exchange would reject the token',
      async (_, members) => {
        const target = await instance().configuration('Revoked');
        const generate = async (payload: unknown) => {
          const { status, body } = await send(
            bodyOf(payload, { configurationId: target.id, publicKey: target.publicKey }),
          );
          return { status, body };
        };
        const revoked = await instance().call('POST', '/api/v1/auth/token/revoke', {
          body: { configurationId: target.id, ...members },
        });
        const cutOffMs = Date.parse(String(revoked.body['revokedAt']));
        for (const iat of [undefined, 0, Math.floor(cutOffMs / 1000), cutOffMs / 1000]) {
          const { status, body } = await generate({ sub: 'bob', ...(iat !== undefined && { iat }) });
          expect([iat, status, body['code']]).toEqual([iat, 422, 'payload_invalid']);
          expect(body['findings']).toMatchObject([{ level: 'logic', severity: 'error', path: '/iat' }]);
        }
        const issuedLater = await generate({ sub: 'bob', iat: (cutOffMs + 1) / 1000 });
        expect([issuedLater.status, await codeOfExchange(issuedLater.body['token'])]).toEqual([
          200,
          undefined,
        ]);
        expect((await generate({ sub: 'carol' })).status).toBe('sub' in members ? 200 : 422);
      },
    );

    it.each([
      [{}, ['/configurationId', '/payload', '/publicKey']],
      [{ configurationId: 1, publicKey: [], payload: 'x' }, ['/configurationId', '/payload', '/publicKey']],
      [{ configurationId: 'a', publicKey: 'b', payload: [] }, ['/payload']],
      [{ configurationId: 'a', publicKey: 'b', payload: null }, ['/payload']],
      [{ configurationId: 'a', publicKey: 'b', payload: {}, expiresIn: 5 }, ['/expiresIn']],
    ])('rejects the body %j and reports every invalid member', async (body, paths) => {
      const answer = await send(body);
      expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_request']);
      const errors = answer.body['errors'] as { path: string }[];
      expect([...new Set(errors.map(({ path: at }) => at))].sort()).toEqual(paths);
    });

    it('rejects unknown query parameters, other methods, other content types and malformed JSON', async () => {
      const request = bodyOf({ sub: 'alice' });
      expect((await instance().call('POST', `${path}?dry=1`, { body: request })).status).toBe(400);
      expect((await instance().get(path)).status).toBe(405);
      expect((await send('{"payload":')).body['code']).toBe('invalid_json');
      const text = await fetch(`${instance().url}${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${(await addApiToken(instance(), { scopes: ['tokens:write'] })).token}`,
        },
        body: JSON.stringify(request),
      });
      expect(text.status).toBe(415);
    });

    it('requires tokens:write in the organisation of the configuration', async () => {
      const request = bodyOf({ sub: 'alice' });
      const reader = await addApiToken(instance(), { scopes: ['tokens:read'] });
      expect((await send(request, reader.headers)).body).toMatchObject({
        status: 403,
        code: 'insufficient_scope',
      });
      expect((await send(request, {})).status).toBe(401);
      const writer = await addApiToken(instance(), { scopes: ['tokens:write'] });
      expect((await send(request, writer.headers)).status).toBe(200);
      const organisationId = await addOrganisation(instance());
      const stranger = await addApiToken(instance(), { scopes: ['tokens:write'], organisationId });
      expect((await send(request, stranger.headers)).body).toMatchObject({
        status: 404,
        code: 'configuration_not_found',
      });
    });

    it.each(Object.entries(hostilePayloads))(
      'returns a response for %s, and creates only tokens that can be exchanged',
      async (_, json) => {
        const { id, publicKey } = configuration;
        const prefix = `{"configurationId":${JSON.stringify(id)},"publicKey":${JSON.stringify(publicKey)},"payload":`;
        const { status, body } = await send(`${prefix}${json}}`);
        expect([200, 400, 413, 422]).toContain(status);
        if (status === 200)
          expect([undefined, 'token_not_yet_valid']).toContain(await codeOfExchange(body['token']));
      },
    );
  });
});

/** Returns random printable text that compresses badly and needs no JSON escapes. */
function randomText(chars: number): string {
  const characters = Array.from({ length: 92 }, (_, index) => String.fromCharCode(35 + index)).filter(
    (character) => character !== '\\',
  );
  return Array.from({ length: chars }, () => characters[randomInt(characters.length)]).join('');
}
