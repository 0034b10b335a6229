import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { exchange, mint, type TestConfiguration } from '../../support/api.ts';
import type { ControlStores } from '../../support/control-stores.ts';
import { hostilePayloads } from '../../support/hostile-claims.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import {
  createOrganisation,
  createToken,
  itemsOf,
  type MadeToken,
  makeToken,
  tokensPath,
} from './support/access-api.ts';
import { useInstance } from './support/instance.ts';

const path = '/api/v1/auth/token';
const configurations = '/api/v1/web-access-tokens/configurations';
const scopes = ['tokens:request'];

/** The token request service over HTTP, on any control store. */
export function authTokenCases(stores: ControlStores): void {
  const instance = useInstance({}, stores);
  let configuration: TestConfiguration;
  let backEnd: MadeToken;
  beforeAll(async () => {
    configuration = await instance().configuration('Portal');
    backEnd = await makeToken(instance(), { scopes });
  });

  const post = (at: string, body: unknown, headers = backEnd.headers) =>
    instance().call('POST', at, { body, headers });
  const request = (members: object = {}, headers = backEnd.headers) =>
    post(path, { configurationId: configuration.id, sub: 'alice', ...members }, headers);
  const revoke = (body: unknown, headers = backEnd.headers) => post(`${path}/revoke`, body, headers);
  const codeOf = async (token: unknown) => (await exchange(instance().url, token)).body['code'];
  const test = async (token: unknown) =>
    (await instance().call('POST', '/api/v1/web-access-tokens/test', { body: { token } })).body;
  const nowS = () => Date.now() / 1000;

  describe(`POST ${path}`, () => {
    it('answers a token of the viewer, for five minutes, not to be stored', async () => {
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
        ...{ validForSubject: 'alice', configurationId: configuration.id, organisationId: 'default' },
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

    it('puts the claims that it is given into the token', async () => {
      const claims = {
        grants: { res: ['dashboards/1'], acl: [], prm: ['filter'] },
        ...{ trc: ['a', 'b'], lng: 'de-DE', loc: 'fr-FR', thm: 'dark' },
      };
      const { body } = await request(claims);
      expect((await test(body['token']))['payload']).toMatchObject({ sub: 'alice', ...claims });
    });

    it.each([1, 86_400])('makes one that lasts %i seconds, to the second', async (validityTimeInSec) => {
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
    ])('refuses %j with 400, and names every fault', async (members, paths) => {
      const { status, body } = await request(members);
      expect([status, body['code']]).toEqual([400, 'invalid_request']);
      const errors = body['errors'] as { path: string }[];
      expect(errors.map(({ path: at }) => at).sort()).toEqual(paths);
    });

    it('refuses claims with faults as generate does, with all findings and no value', async () => {
      const marker = 'marker-7f3a';
      const claims = { sub: '', lng: marker, trc: [marker, ''], grants: { res: [marker], acl: [] }, thm: 7 };
      const { status, body, text } = await request(claims);
      expect([status, body['code']]).toEqual([422, 'payload_invalid']);
      const findings = body['findings'] as Record<string, string>[];
      expect(findings.map(({ severity, path: at }) => `${severity} ${at}`).sort()).toEqual([
        ...['error /grants/res/0', 'error /lng', 'error /sub', 'error /thm', 'error /trc/1'],
        'warning /grants/acl',
      ]);
      expect((body['errors'] as { path: string }[]).map(({ path: at }) => at).sort()).toEqual([
        ...['/grants/res/0', '/lng', '/sub', '/thm', '/trc/1'],
      ]);
      expect(text).not.toContain(marker);
      const large = await request({ grants: { flt: [{ jaql: { title: 'x'.repeat(81_200) } }] } });
      expect([large.status, large.body['code']]).toEqual([422, 'payload_invalid']);
    });

    it('answers hostile claims, and makes only what can be exchanged', async () => {
      const start = `{"configurationId":"${configuration.id}","sub":"alice"`;
      for (const [what, json] of Object.entries(hostilePayloads)) {
        const { status, body } = await post(path, `${start},"grants":${json}}`);
        expect([what, [200, 400, 413, 422].includes(status)]).toEqual([what, true]);
        if (status === 200) expect([what, await codeOf(body['token'])]).toEqual([what, undefined]);
      }
    });

    it('knows no configuration that is deleted or never was: 404; a disabled one is a conflict', async () => {
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

    it('is for back ends: needs tokens:request, and says nothing to pages of other origins', async () => {
      expect((await request({}, {})).status).toBe(401);
      const { headers } = await makeToken(instance(), { scopes: ['tokens:write'] });
      expect(await request({}, headers)).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
      for (const at of [path, `${path}/revoke`]) {
        const origin = { origin: 'https://app.example', 'access-control-request-method': 'POST' };
        const asked = await fetch(instance().url + at, { method: 'OPTIONS', headers: origin });
        const sent = await post(at, {}, { ...backEnd.headers, ...origin });
        for (const answer of [asked, sent])
          expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
        expect(asked.status).toBe(405);
      }
    });

    it('is told to the audit log by configuration, without a viewer or a token', async () => {
      const { id } = await instance().configuration('Told');
      const caller = await makeToken(instance(), { scopes });
      const tokens = [];
      for (let index = 0; index < 20; index += 1)
        tokens.push((await request({ configurationId: id, sub: 'zoe-7f3a' }, caller.headers)).body['token']);
      await request({ configurationId: id, sub: '' }, caller.headers);
      const { text, body } = await instance().get('/api/v1/audit?limit=500');
      const items = body['items'] as { actor: string; action: string; target: string; details: object }[];
      const lines = items.filter(({ action, target }) => action === 'token.request' && target === id);
      const counts = { OK: 0, FAIL: 0 };
      for (const line of lines) {
        const { result, details, ...by } = line as typeof line & {
          result: 'OK' | 'FAIL';
          details: { times: number };
        };
        expect(by).toMatchObject({ actor: `api-token:${caller.id}`, organisationId: 'default' });
        counts[result] += details.times;
      }
      expect(counts).toEqual({ OK: 20, FAIL: 1 });
      for (const secret of ['zoe-7f3a', ...tokens.map((token) => String(token).slice(-30))])
        expect(text).not.toContain(secret);
    });
  });

  describe('an API token that is bound to configurations', () => {
    const bind = (members: object) =>
      createToken(instance(), { scopes, configurationIds: [configuration.id], ...members });

    it('requests and revokes tokens of these; others are not there for it', async () => {
      const other = await instance().configuration('Other');
      const bound = await makeToken(instance(), {
        scopes,
        configurationIds: [configuration.id, configuration.id],
      });
      expect((await instance().get(`${tokensPath}/${bound.id}`)).body['configurationIds']).toEqual([
        configuration.id,
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
      expect(line?.['details']).toMatchObject({ configurationIds: [configuration.id, configuration.id] });
    });

    it('can do nothing else, from the beginning and later', async () => {
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
        body: { configurationIds: [configuration.id], scopes },
      });
    });

    it('is bound to known ones of its organisation, at least to one', async () => {
      const { id: organisationId } = await createOrganisation(instance());
      const deleted = await instance().configuration();
      await instance().call('DELETE', `${configurations}/${deleted.id}`);
      for (const members of [
        { organisationId },
        { configurationIds: [configuration.id, 'f'.repeat(24)] },
        { configurationIds: [deleted.id] },
      ])
        expect(await bind(members)).toMatchObject({ status: 404, body: { code: 'configuration_not_found' } });
      for (const configurationIds of [[], ['a b'], Array.from({ length: 101 }, (_, index) => `c${index}`)])
        expect((await bind({ configurationIds })).status).toBe(400);
      expect((await bind({ organisationId: null })).status).toBe(201);
    });
  });

  describe(`POST ${path}/revoke`, () => {
    it('stops a token, and only this one, at its next use: remembered ones, too', async () => {
      const claims = { sub: 'alice', exp: nowS() + 600 };
      const [token, other] = [await mint(configuration, claims), await mint(configuration, claims)];
      for (const one of [token, other]) expect(await codeOf(one)).toBeUndefined();
      const { status, body } = await revoke({ token });
      expect(status).toBe(200);
      expect(Object.keys(body)).toEqual(['revokedAt']);
      expect(body['revokedAt']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(await codeOf(token)).toBe('token_revoked');
      expect(await codeOf(other)).toBeUndefined();
      expect((await revoke({ token })).body).toEqual(body);
      expect(await test(token)).toMatchObject({
        valid: false,
        findings: expect.arrayContaining([
          expect.objectContaining({ level: 'logic', severity: 'error', path: '/token' }),
        ]),
      });
      expect(await test(other)).toMatchObject({ valid: true });
    });

    it('knows a token by its bytes, however its text is spelled', async () => {
      const token = await mint(configuration, { sub: 'alice' });
      const padded = ` ${token.split('.').join('=.').replaceAll('_', '/').replaceAll('-', '+')}\n`;
      expect((await revoke({ token: padded })).status).toBe(200);
      expect(await codeOf(token)).toBe('token_revoked');
    });

    it('answers an expired token as any other', async () => {
      const token = await mint(configuration, { sub: 'alice', exp: nowS() - 60 });
      expect((await revoke({ token })).status).toBe(200);
      expect(await codeOf(token)).toBe('token_expired');
    });

    it.each([
      ['a subject', { sub: 'bob' }],
      ['a configuration', {}],
    ])('cuts off %s by iat: before, at, or unknown is refused, later works', async (_, members) => {
      const own = await instance().configuration('Cut off');
      const remembered = await mint(own, { sub: 'bob', iat: nowS() });
      expect(await codeOf(remembered)).toBeUndefined();
      const requested = (await request({ configurationId: own.id, sub: 'bob' })).body['token'];
      const { body } = await revoke({ configurationId: own.id, ...members });
      const cutOffMs = Date.parse(String(body['revokedAt']));
      const at = async (iat?: number, sub = 'bob') =>
        codeOf(await mint(own, { sub, ...(iat !== undefined && { iat }) }));
      for (const token of [remembered, requested]) expect(await codeOf(token)).toBe('token_revoked');
      for (const iat of [
        0,
        cutOffMs / 1000 - 1,
        cutOffMs / 1000,
        Math.floor(cutOffMs / 1000),
        undefined,
        cutOffMs,
      ])
        expect([iat, await at(iat)]).toEqual([iat, 'token_revoked']);
      for (const iat of [(cutOffMs + 1) / 1000, Math.floor(cutOffMs / 1000) + 1])
        expect([iat, await at(iat)]).toEqual([iat, undefined]);
      expect(await at(0, 'carol')).toBe('sub' in members ? undefined : 'token_revoked');
      // Whoever asks for a token after the answer has one that works.
      expect(
        await codeOf((await request({ configurationId: own.id, sub: 'bob' })).body['token']),
      ).toBeUndefined();
    });

    it('comes after exp, with one body, and is counted by reason', async () => {
      const own = await instance().configuration('Counted');
      await revoke({ configurationId: own.id });
      const send = async (claims: Record<string, unknown>) =>
        exchange(instance().url, await mint(own, { sub: 'a', ...claims }));
      expect((await send({ exp: 1 })).body['code']).toBe('token_expired');
      expect((await send({ nbf: 4e9 })).body['code']).toBe('token_not_yet_valid');
      const answers = [await send({}), await send({ iat: 1, sub: 'b' })];
      expect(answers.map(({ status, text }) => [status, text])).toEqual(
        answers.map(() => [401, answers[0]?.text]),
      );
      expect(answers[0]?.body).toEqual({
        type: 'urn:watmeter:problem:token_revoked',
        title: expect.any(String),
        ...{ status: 401, code: 'token_revoked' },
      });
      const refusals = itemsOf(await instance().get('/api/v1/refusals?limit=500'));
      expect(refusals).toContainEqual(
        expect.objectContaining({ configurationId: own.id, reason: 'revoked', refusals: 2 }),
      );
      const { text } = await instance().get('/metrics', {});
      expect(text).toMatch(/watmeter_exchanges_total\{outcome="revoked"\} \d/);
    });

    it.each([
      [{}],
      [{ endSessions: true }],
      [{ sub: 'alice' }],
      [{ token: 'a', configurationId: 'b' }],
      [{ token: 'a', sub: 'b' }],
      [{ token: 'a', configurationId: 'b', sub: 'c' }],
      [{ configurationId: 'b', sub: '' }],
      [{ configurationId: 'b', sub: null }],
      [{ configurationId: 'b', endSessions: 'yes' }],
      [{ configurationId: 'b', everything: true }],
    ])('refuses %j: not exactly one of its forms', async (body) => {
      const answer = await revoke(body);
      expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_request']);
      expect(answer.body['errors']).not.toEqual([]);
    });

    it('answers all that is no token of the caller’s alike: garbage, of nobody, of another organisation', async () => {
      const { id: organisationId } = await createOrganisation(instance());
      const stranger = await makeToken(instance(), { scopes, organisationId });
      const token = await mint(configuration, { sub: 'alice' });
      const answers = [
        await revoke({ token }, stranger.headers),
        await revoke({ token: await mint({ ...configuration, id: 'f'.repeat(24) }, { sub: 'alice' }) }),
        await revoke({ token: `${token}A` }),
        await revoke({ token: await mint(configuration, {}) }),
        await revoke({ token: 'garbage' }),
        await revoke({ token: '' }),
      ];
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(answers[0]).toMatchObject({ status: 404, body: { code: 'web_access_token_not_found' } });
      expect(await codeOf(token)).toBeUndefined();
      for (const body of [
        { configurationId: configuration.id },
        { configurationId: configuration.id, sub: 'a' },
      ])
        expect(await revoke(body, stranger.headers)).toMatchObject({
          status: 404,
          body: { code: 'configuration_not_found' },
        });
    });

    it('is told to the audit log: of what, and by whom; never the token or the viewer', async () => {
      const own = await instance().configuration('Audited');
      const token = await mint(own, { sub: 'zoe-51b2' });
      await revoke({ token });
      await revoke({ configurationId: own.id, sub: 'zoe-51b2', endSessions: true });
      await revoke({ configurationId: own.id });
      const { text, body } = await instance().get('/api/v1/audit?limit=500');
      const lines = (body['items'] as Record<string, unknown>[]).filter(
        ({ target, action }) => target === own.id && action === 'token.revoke',
      );
      const by = { actor: `api-token:${backEnd.id}`, result: 'OK', organisationId: 'default' };
      expect(lines).toMatchObject([
        { ...by, details: { of: 'configuration', endSessions: false } },
        { ...by, details: { of: 'subject', endSessions: true } },
        { ...by, details: { of: 'token', tokenDigest: expect.stringMatching(/^[\w-]{43}$/) } },
      ]);
      for (const secret of ['zoe-51b2', token.slice(-30)]) expect(text).not.toContain(secret);
    });

    it('lets the sessions of a deleted configuration be ended', async () => {
      const own = await instance().configuration('Deleted');
      await instance().call('DELETE', `${configurations}/${own.id}`);
      expect((await revoke({ configurationId: own.id, endSessions: true })).status).toBe(200);
    });
  });

  it('docs/revocation.md has examples for curl that work', async () => {
    const page = readFileSync(new URL('../../../docs/revocation.md', import.meta.url), 'utf8');
    const commands = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, command = '']) => command);
    expect(commands).toHaveLength(2);
    const { id: CONFIGURATION } = await instance().configuration('Documented');
    const env = {
      ...{ PATH: process.env['PATH'], WATMETER_URL: instance().url, CONFIGURATION },
      ...{ WATMETER_API_TOKEN: backEnd.token, HEADER_FILE: join(temporaryDirectory('curl'), 'header') },
    };
    const run = async (script: string) =>
      JSON.parse((await promisify(execFile)('sh', ['-ec', script], { env })).stdout);
    const [request = '', revoke = ''] = commands;
    const made = await run(request);
    expect(made).toMatchObject({ validForSubject: 'alice', configurationId: CONFIGURATION });
    expect(await codeOf(made.token)).toBeUndefined();
    expect(Object.keys(await run(revoke))).toEqual(['revokedAt']);
    expect(await codeOf(made.token)).toBe('token_revoked');
  });

  it('what another process revokes is refused here within 2 seconds', async () => {
    const token = await mint(configuration, { sub: 'elsewhere' });
    expect(await codeOf(token)).toBeUndefined();
    const reach = { organisationId: 'default', configurationIds: undefined };
    const { control } = instance();
    await control.revoking.revoke({ configurationId: configuration.id, subject: 'elsewhere' }, false, reach);
    await vi.waitFor(async () => expect(await codeOf(token)).toBe('token_revoked'), {
      timeout: 2000,
      interval: 50,
    });
  });
}
