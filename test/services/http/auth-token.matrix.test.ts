import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  createActiveToken,
  createOrganisation,
  createToken,
  itemsOf,
  tokensPath,
} from '../../integration/http/support/access-api.ts';
import { requestPath, requestScopes, useBackEnd } from '../../integration/http/support/back-end.ts';
import { exchange, mint } from '../../support/api.ts';
import { hostilePayloads } from '../../support/hostile-claims.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const configurations = '/api/v1/web-access-tokens/configurations';
const scopes = requestScopes;

/** Tests the token request endpoint over HTTP on each control store. */
describeOnControlStore((stores) => {
  const { instance, configuration, backEnd, post, request, revoke, codeOf, test } = useBackEnd(stores);

  describe(`POST ${requestPath}`, () => {
    it('returns a token for the viewer that is valid for five minutes, with Cache-Control: no-store', async () => {
      const before = Date.now();
      const { status, headers, body } = await request();
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(Object.keys(body)).toEqual([
        ...[
          'token',
          'creationTime',
          'expirationTime',
          'validForSubject',
          'configurationId',
          'organisationId',
        ],
      ]);
      expect(body).toMatchObject({
        creationTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        expirationTime: expect.stringMatching(/Z$/),
        ...{ validForSubject: 'alice', configurationId: configuration().id, organisationId: 'default' },
      });
      const created = Date.parse(String(body['creationTime']));
      expect(created).toBeGreaterThanOrEqual(before);
      expect(created).toBeLessThanOrEqual(Date.now());
      expect(Date.parse(String(body['expirationTime'])) - created).toBe(300_000);
      const { payload, valid } = await test(body['token']);
      expect(valid).toBe(true);
      expect(payload).toEqual({ sub: 'alice', iat: created / 1000, exp: created / 1000 + 300 });
      const session = await exchange(instance().url, body['token']);
      expect(session.status).toBe(200);
    });

    it('adds the requested claims to the token', async () => {
      const claims = {
        grants: { res: ['dashboards/1'], acl: [], prm: ['filter'] },
        ...{ trc: ['a', 'b'], lng: 'de-DE', loc: 'fr-FR', thm: 'dark' },
      };
      const { body } = await request(claims);
      expect((await test(body['token']))['payload']).toMatchObject({ sub: 'alice', ...claims });
    });

    it.each([1, 86_400])('returns a token that is valid for exactly %i s', async (validityTimeInSec) => {
      const { status, body } = await request({ validityTimeInSec });
      const [created = 0, expires = 0] = ['creationTime', 'expirationTime'].map((name) =>
        Date.parse(String(body[name])),
      );
      expect([status, expires - created]).toEqual([200, validityTimeInSec * 1000]);
      if (validityTimeInSec > 1) return;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, expires - Date.now()) + 5));
      expect(await codeOf(body['token'])).toBe('token_expired');
    });

    it.each([
      [{ validityTimeInSec: 0 }, ['/validityTimeInSec']],
      [{ validityTimeInSec: 86_401 }, ['/validityTimeInSec']],
      [{ validityTimeInSec: 1.5 }, ['/validityTimeInSec']],
      [{ validityTimeInSec: '300', sub: 7 }, ['/sub', '/validityTimeInSec']],
      [{ validityTimeInSec: null }, ['/validityTimeInSec']],
      [{ configurationId: undefined, sub: undefined }, ['/configurationId', '/sub']],
      [{ exp: 4e9, iat: 1, nbf: 0 }, ['/exp', '/iat', '/nbf']],
    ])('rejects %j with 400 and reports every invalid member', async (members, paths) => {
      const { status, body } = await request(members);
      expect([status, body['code']]).toEqual([400, 'invalid_request']);
      const errors = body['errors'] as { path: string }[];
      expect(errors.map(({ path }) => path).sort()).toEqual(paths);
    });

    it('rejects invalid claims with all findings, like the generate endpoint, and does not repeat values', async () => {
      const marker = 'marker-7f3a';
      const claims = { sub: '', lng: marker, trc: [marker, ''], grants: { res: [marker], acl: [] }, thm: 7 };
      const { status, body, text } = await request(claims);
      expect([status, body['code']]).toEqual([422, 'payload_invalid']);
      const findings = body['findings'] as Record<string, string>[];
      expect(findings.map(({ severity, path }) => `${severity} ${path}`).sort()).toEqual([
        ...['error /grants/res/0', 'error /lng', 'error /sub', 'error /thm', 'error /trc/1'],
        'warning /grants/acl',
      ]);
      expect((body['errors'] as { path: string }[]).map(({ path }) => path).sort()).toEqual([
        ...['/grants/res/0', '/lng', '/sub', '/thm', '/trc/1'],
      ]);
      expect(text).not.toContain(marker);
      const large = await request({ grants: { flt: [{ jaql: { title: 'x'.repeat(81_200) } }] } });
      expect([large.status, large.body['code']]).toEqual([422, 'payload_invalid']);
    });

    it('responds to hostile claims, and returns only tokens that can be exchanged', async () => {
      const start = `{"configurationId":"${configuration().id}","sub":"alice"`;
      for (const [name, json] of Object.entries(hostilePayloads)) {
        const { status, body } = await post(requestPath, `${start},"grants":${json}}`);
        expect([name, [200, 400, 413, 422].includes(status)]).toEqual([name, true]);
        if (status === 200) expect([name, await codeOf(body['token'])]).toEqual([name, undefined]);
      }
    });

    it('returns 404 for a deleted or unknown configuration, and 409 for a disabled configuration', async () => {
      const other = await instance().configuration();
      await instance().call('PATCH', `${configurations}/${other.id}`, { body: { enabled: false } });
      expect(await request({ configurationId: other.id })).toMatchObject({
        status: 409,
        body: { code: 'configuration_disabled' },
      });
      await instance().call('DELETE', `${configurations}/${other.id}`);
      for (const configurationId of [other.id, 'f'.repeat(24), '__proto__', 'a\u0000b', ''])
        expect(await request({ configurationId })).toMatchObject({
          status: 404,
          body: { code: 'configuration_not_found' },
        });
    });

    it('requires the scope tokens:request, and does not send CORS headers to pages of other origins', async () => {
      expect((await request({}, {})).status).toBe(401);
      const { headers } = await createActiveToken(instance(), { scopes: ['tokens:write'] });
      expect(await request({}, headers)).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
      for (const path of [requestPath, `${requestPath}/revoke`]) {
        const origin = { origin: 'https://app.example', 'access-control-request-method': 'POST' };
        const preflight = await fetch(instance().url + path, { method: 'OPTIONS', headers: origin });
        const posted = await post(path, {}, { ...backEnd().headers, ...origin });
        for (const answer of [preflight, posted])
          expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
        expect(preflight.status).toBe(405);
      }
    });

    it('is recorded in the audit log by configuration, without viewer or token', async () => {
      const { id } = await instance().configuration('Audited');
      const caller = await createActiveToken(instance(), { scopes });
      const tokens = [];
      for (let index = 0; index < 20; index += 1)
        tokens.push((await request({ configurationId: id, sub: 'zoe-7f3a' }, caller.headers)).body['token']);
      await request({ configurationId: id, sub: '' }, caller.headers);
      const { text, body } = await instance().get('/api/v1/audit?limit=500');
      const items = body['items'] as { actor: string; action: string; target: string; details: object }[];
      const lines = items.filter(({ action, target }) => action === 'token.request' && target === id);
      const counts = { OK: 0, FAIL: 0 };
      for (const line of lines) {
        const { result, details, ...origin } = line as typeof line & {
          result: 'OK' | 'FAIL';
          details: { times: number };
        };
        expect(origin).toMatchObject({ actor: `api-token:${caller.id}`, organisationId: 'default' });
        counts[result] += details.times;
      }
      expect(counts).toEqual({ OK: 20, FAIL: 1 });
      for (const secret of ['zoe-7f3a', ...tokens.map((token) => String(token).slice(-30))])
        expect(text).not.toContain(secret);
    });
  });

  describe('an API token that is bound to configurations', () => {
    const bind = (members: object) =>
      createToken(instance(), { scopes, configurationIds: [configuration().id], ...members });

    it('can request and revoke tokens of these configurations, and gets 404 for any other configuration', async () => {
      const other = await instance().configuration('Other');
      const bound = await createActiveToken(instance(), {
        scopes,
        configurationIds: [configuration().id, configuration().id],
      });
      expect((await instance().get(`${tokensPath}/${bound.id}`)).body['configurationIds']).toEqual([
        configuration().id,
      ]);
      const { body } = await request({}, bound.headers);
      expect(await codeOf(body['token'])).toBeUndefined();
      const token = await mint(other, { sub: 'alice' });
      for (const [answer, code] of [
        [await request({ configurationId: other.id }, bound.headers), 'configuration_not_found'],
        [await revoke({ configurationId: other.id }, bound.headers), 'configuration_not_found'],
        [await revoke({ configurationId: other.id, sub: 'alice' }, bound.headers), 'configuration_not_found'],
        [await revoke({ token }, bound.headers), 'web_access_token_not_found'],
      ] as const)
        expect(answer).toMatchObject({ status: 404, body: { code } });
      expect(await codeOf(token)).toBeUndefined();
      expect((await revoke({ token: body['token'] }, bound.headers)).status).toBe(200);
      expect(await codeOf(body['token'])).toBe('token_revoked');
      const log = itemsOf(await instance().get(`${tokensPath}/${bound.id}/log`));
      expect(log.map(({ activity }) => activity)).toEqual(
        expect.arrayContaining(['CREATE', 'GENERATE', 'AUTHENTICATE']),
      );
      const [line] = itemsOf(await instance().get('/api/v1/audit?limit=500')).filter(
        ({ target, action }) => target === bound.id && action === 'api-token.create',
      );
      expect(line?.['details']).toMatchObject({ configurationIds: [configuration().id, configuration().id] });
    });

    it('cannot have a scope other than tokens:request, neither at creation nor after a change', async () => {
      for (const more of [['tokens:request', 'tokens:read'], ['admin'], ['tokens:write']])
        expect(await bind({ scopes: more })).toMatchObject({
          status: 422,
          body: { code: 'bound_token_scopes' },
        });
      const { body } = await bind({});
      const patch = (change: object) =>
        instance().call('PATCH', `${tokensPath}/${body['id']}`, { body: change });
      expect(await patch({ scopes: ['tokens:request', 'admin'] })).toMatchObject({ status: 422 });
      expect(await patch({ configurationIds: [] })).toMatchObject({ status: 400 });
      expect(await patch({ scopes, name: `Still bound ${body['id']}` })).toMatchObject({
        status: 200,
        body: { configurationIds: [configuration().id], scopes },
      });
    });

    it('must be bound to at least one existing configuration of its organisation', async () => {
      const { id: organisationId } = await createOrganisation(instance());
      const deleted = await instance().configuration();
      await instance().call('DELETE', `${configurations}/${deleted.id}`);
      for (const members of [
        { organisationId },
        { configurationIds: [configuration().id, 'f'.repeat(24)] },
        { configurationIds: [deleted.id] },
      ])
        expect(await bind(members)).toMatchObject({ status: 404, body: { code: 'configuration_not_found' } });
      for (const configurationIds of [[], ['a b'], Array.from({ length: 101 }, (_, index) => `c${index}`)])
        expect((await bind({ configurationIds })).status).toBe(400);
      expect((await bind({ organisationId: null })).status).toBe(201);
    });
  });

  it('docs/reference/revocation.md has working examples for curl', async () => {
    const page = readFileSync(new URL('../../../docs/reference/revocation.md', import.meta.url), 'utf8');
    const commands = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, command = '']) => command);
    expect(commands).toHaveLength(2);
    const { id: CONFIGURATION } = await instance().configuration('Documented');
    const env = {
      ...{ PATH: process.env['PATH'], WATMETER_URL: instance().url, CONFIGURATION },
      WATMETER_TOKEN: backEnd().token,
    };
    const cwd = temporaryDirectory('curl');
    const run = async (script: string) =>
      JSON.parse((await promisify(execFile)('sh', ['-ec', script], { env, cwd })).stdout);
    const [request = '', revoke = ''] = commands;
    const created = await run(request);
    expect(created).toMatchObject({ validForSubject: 'alice', configurationId: CONFIGURATION });
    expect(await codeOf(created.token)).toBeUndefined();
    expect(Object.keys(await run(revoke))).toEqual(['revokedAt', 'warnings']);
    expect(await codeOf(created.token)).toBe('token_revoked');
  });
});
