import { beforeAll, describe, expect, it } from 'vitest';
import { importBodyLimitBytes } from '../../../consumers/import/import-schemas.ts';
import { auditedActions } from '../../../src/app/declared.ts';
import {
  createActiveToken,
  createOrganisation,
  createToken,
  itemsOf,
  tokensPath,
} from '../../integration/http/support/access-api.ts';
import { type Answer, addApiToken, useInstance } from '../../integration/http/support/instance.ts';
import { problemFromRaw } from '../../integration/http/support/raw-http.ts';
import { call, exchange, mint, type TestConfiguration } from '../../support/api.ts';
import { adminToken } from '../../support/app-process.ts';

/** Tests rules of the HTTP API that apply to every route, or that no other test file covers. */
const instance = useInstance();
const configurations = '/api/v1/web-access-tokens/configurations';
const authorization = `Bearer ${adminToken}`;
/** A marker text that is sent in place of a token. Error responses must not contain it. */
const secret = 'eyJhbGciOiJSU0EtT0FFUC0yNTYi-marker-of-a-token';

let configuration: TestConfiguration;
let deleted: TestConfiguration;
let tokenId: string;
beforeAll(async () => {
  configuration = await instance().configuration('Contract');
  deleted = await instance().configuration('Deleted');
  tokenId = (await createActiveToken(instance(), { name: 'Contract' })).id;
  await instance().session(configuration, { sub: 'alice', trc: ['a', 'b'] });
  await instance().session(deleted);
  await exchange(instance().url, await mint(configuration, { sub: 'alice', exp: 1 }));
  await instance().call('DELETE', `${configurations}/${deleted.id}`);
  await instance().call('POST', '/api/v1/directory/subjects', { body: { items: [{ id: 'alice' }] } });
  await instance().call('POST', '/api/v1/directory/resources', { body: { items: [{ id: 'a/1' }] } });
  await createOrganisation(instance());
  await instance().settled();
});

/** Every route that changes data and is therefore in the audit log, with an example path. */
const changing = Object.keys(auditedActions).map((route) => {
  const [method = '', pattern = ''] = route.split(' ');
  const pathOf = () =>
    pattern
      .replace(':id', pattern.startsWith(tokensPath) ? tokenId : configuration.id)
      .replace(':digest', '0'.repeat(64));
  return { route, method, pathOf };
});
/** Routes that need no body. Some clients send a JSON content type with every request. */
const withoutRequiredBody = [`POST ${tokensPath}/:id/generate`, `POST ${tokensPath}/:id/revoke`];
/** The size limits, in bytes, of request bodies for routes that do not have the usual limit of 256 KiB. */
const bodyLimits: Readonly<Record<string, number>> = {
  'POST /api/v1/usage/imports/:digest': importBodyLimitBytes,
};
const withBody = [
  ...changing.filter(({ method }) => method !== 'DELETE'),
  ...['/api/v1/web-access-tokens/test'].map((path) => ({
    route: `POST ${path}`,
    method: 'POST',
    pathOf: () => path,
  })),
];

async function send(
  method: string,
  path: string,
  body?: string | Uint8Array,
  type?: string,
): Promise<Answer> {
  const response = await fetch(instance().url + path, {
    method,
    headers: { authorization, ...(type !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text || '{}'), text };
}
const json = 'application/json';

/** Expects a problem document with this status and code that does not contain the marker text. */
function expectProblem({ status, headers, body, text }: Answer, expected: { status: number; code: string }) {
  expect({ status, code: body['code'] }).toEqual(expected);
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body['status']).toBe(status);
  expect(body['detail']).toMatch(/\S.*\.$/);
  expect(text).not.toContain(secret);
}

const pathsOf = ({ body }: Answer) =>
  (body['errors'] as { path: string; message: string }[]).map(({ path }) => path).sort();

describe.each(withBody)('the request body of $route', ({ route, method, pathOf }) => {
  it('is rejected with 415 if its content type is absent or not JSON', async () => {
    const text = `{"name":"${secret}"}`;
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', undefined])
      expectProblem(await send(method, pathOf(), new TextEncoder().encode(text), type), {
        status: 415,
        code: 'unsupported_media_type',
      });
  });

  it('is rejected unless it is a JSON object within the size limit', async () => {
    const empty = withoutRequiredBody.includes(route) ? [] : [''];
    for (const text of [`{"name":"${secret}"`, secret, ...empty])
      expectProblem(await send(method, pathOf(), text, json), { status: 400, code: 'invalid_json' });
    for (const text of ['[]', '7', `"${secret}"`])
      expectProblem(await send(method, pathOf(), text, json), { status: 400, code: 'invalid_request' });
    // Only the head is sent: a server that rejects a body closes the connection while a client still writes.
    const length = (bodyLimits[route] ?? 262_144) + 1;
    const head = `${method} ${pathOf()} HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\n`;
    const large = `${head}Content-Type: ${json}\r\nContent-Length: ${length}\r\n\r\n`;
    const answer = await problemFromRaw(instance().url, large);
    expect([answer.status, answer.body['code']]).toEqual([413, 'payload_too_large']);
  });

  it('is rejected with an error for every unknown member and query parameter', async () => {
    const answer = await send(method, `${pathOf()}?unknown=1&More=2`, `{"other":1,"${secret}":2}`, json);
    expectProblem(answer, { status: 400, code: 'invalid_request' });
    expect(pathsOf(answer)).toEqual(expect.arrayContaining(['/More', '/other', '/unknown', '/...']));
  });
});

describe('an unsupported method', () => {
  it.each(changing)(
    'is rejected with 405 at the path of $route, before authentication',
    async ({ pathOf }) => {
      const answer = await instance().call('PUT', `${pathOf()}?x=${secret}`, {
        headers: {},
        body: `{"${secret}`,
      });
      expectProblem(answer, { status: 405, code: 'method_not_allowed' });
      expect(answer.headers.get('allow')?.split(', ')).not.toContain('PUT');
    },
  );
});

describe('a request beyond the size limits', () => {
  it('is rejected with 414 for a long path parameter and with 431 for long headers, also with an API token', async () => {
    const long = `${configurations}/${secret}${'a'.repeat(3000)}`;
    for (const path of [long, `${long}/rotate`])
      expectProblem(await send('POST', path), { status: 414, code: 'uri_too_long' });
    const head = `GET ${configurations} HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\n`;
    const {
      status,
      body,
      head: answered,
    } = await problemFromRaw(instance().url, `${head}X: ${secret}${'a'.repeat(20_000)}\r\n\r\n`);
    expect([status, body['code'], typeof body['detail']]).toEqual([431, 'headers_too_large', 'string']);
    expect(answered + JSON.stringify(body)).not.toContain(secret);
  });
});

describe('a list', () => {
  const lists = () => [
    configurations,
    tokensPath,
    `${tokensPath}/${tokenId}/log`,
    '/api/v1/organisations',
    '/api/v1/audit',
    '/api/v1/refusals',
    '/api/v1/auth/revocations',
    '/api/v1/directory/subjects',
    '/api/v1/directory/resources',
    '/api/v1/usage/configurations',
    '/api/v1/usage/tags',
    '/api/v1/usage/dormant',
  ];

  it('accepts a limit from 1 to 500 and its own cursors, and reports every invalid parameter', async () => {
    for (const list of lists()) {
      for (const limit of [1, 500]) {
        const { status, body } = await instance().get(`${list}?limit=${limit}`);
        expect([list, status, Array.isArray(body['items']), 'nextCursor' in body]).toEqual([
          list,
          200,
          true,
          true,
        ]);
        expect((body['items'] as unknown[]).length).toBeLessThanOrEqual(limit);
      }
      for (const query of ['limit=0', 'limit=501', `cursor=${secret}`, 'cursor='])
        expect([list, query, (await instance().get(`${list}?${query}`)).status]).toEqual([list, query, 400]);
      const faulty = await instance().get(`${list}?limit=x&offset=1&page=2`);
      expectProblem(faulty, { status: 400, code: 'invalid_request' });
      expect([list, pathsOf(faulty)]).toEqual([list, ['/limit', '/offset', '/page']]);
    }
  });

  it('has 50 items per page by default, and its pages follow each other without gaps', async () => {
    const items = Array.from({ length: 101 }, (_, index) => ({ id: `s-${String(index).padStart(3, '0')}` }));
    await instance().call('POST', '/api/v1/directory/subjects', { body: { items } });
    const ids: unknown[] = [];
    const sizes: number[] = [];
    let query = '';
    do {
      const page = await instance().get(`/api/v1/directory/subjects${query}`);
      ids.push(...itemsOf(page).map(({ id }) => id));
      sizes.push(itemsOf(page).length);
      query = page.body['nextCursor'] === null ? '' : `?cursor=${page.body['nextCursor']}`;
    } while (query !== '');
    expect(sizes).toEqual([50, 50, 2]);
    expect(ids).toEqual(['alice', ...items.map(({ id }) => id)]);
  });

  it('of API tokens has 50 items per page by default, newest first', async () => {
    const creating = Array.from({ length: 51 }, (_, index) =>
      instance().call('POST', tokensPath, {
        body: { name: `Listed ${index}`, scopes: ['ops'], expiresIn: '1d' },
      }),
    );
    await Promise.all(creating);
    const answer = await instance().get(tokensPath);
    expect(itemsOf(answer)).toHaveLength(50);
    expect(answer.body['nextCursor']).toEqual(expect.any(String));
    const times = itemsOf(answer).map(({ createdAt }) => String(createdAt));
    expect(times).toEqual([...times].sort().reverse());
  });
});

describe('every response', () => {
  const answers = () =>
    [
      `${configurations}`,
      `${configurations}/${configuration.id}`,
      `${configurations}/${configuration.id}/usage?timeZone=Asia/Kathmandu`,
      '/api/v1/usage/summary?timeZone=Asia/Kathmandu',
      '/api/v1/usage/configurations?timeZone=Asia/Kathmandu',
      '/api/v1/usage/tags?timeZone=Asia/Kathmandu',
      '/api/v1/usage/tags/a?timeZone=Asia/Kathmandu',
      `${tokensPath}?limit=5`,
      `${tokensPath}/${tokenId}`,
      `${tokensPath}/${tokenId}/log`,
      '/api/v1/organisations',
      '/api/v1/audit?limit=20',
      '/api/v1/refusals',
      '/api/v1/directory/subjects?limit=5',
      '/api/v1/usage/integrity?depth=ledger',
    ] as const;

  it('is UTF-8 JSON with camelCase names, numeric counts, and times in UTC or in the requested zone', async () => {
    const instants = new Set<string>();
    for (const path of answers()) {
      const { status, headers, body } = await instance().get(path);
      expect([path, status, headers.get('content-type')]).toEqual([
        ...[path, 200, 'application/json; charset=utf-8'],
      ]);
      for (const [name, value] of membersOf(body)) {
        expectMember(`${path} ${name}`, name, value);
        if (isInstant(value)) instants.add(name);
      }
    }
    const expected = ['activityOn', 'at', 'completeThrough', 'createdAt', 'dayStart', 'deletedAt'];
    expect([...instants]).toEqual(
      expect.arrayContaining([...expected, 'expiresAt', 'generatedAt', 'lastAt', 'lastUsed']),
    );
  });
});

describe('a deleted configuration', () => {
  it('stays in the usage lists with its deletion time, in its own usage and in the totals', async () => {
    const { body } = await instance().get('/api/v1/usage/configurations?limit=500');
    const item = (body['items'] as Record<string, unknown>[]).find(
      ({ configurationId }) => configurationId === deleted.id,
    );
    expect(item).toMatchObject({
      name: 'Deleted',
      total: 1,
      deletedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const window = await instance().get(`${configurations}/${deleted.id}/usage`);
    expect(window).toMatchObject({
      status: 200,
      body: { configurationId: deleted.id, name: 'Deleted', total: 1 },
    });
    expect((await instance().get('/api/v1/usage/summary')).body['total']).toBe(2);
  });
});

describe('an API token with access to all organisations', () => {
  it('can read the configurations of each organisation, which an API token of another organisation cannot', async () => {
    const { id: organisationId } = await createOrganisation(instance());
    const member = await createActiveToken(instance(), {
      organisationId,
      scopes: ['tokens:read', 'tokens:write'],
    });
    const created = await instance().call('POST', configurations, {
      body: { name: 'Own' },
      headers: member.headers,
    });
    const all = await createActiveToken(instance(), { organisationId: null, scopes: ['tokens:read'] });
    const path = `${configurations}/${created.body['id']}`;
    for (const headers of [member.headers, all.headers])
      expect((await instance().get(path, headers)).status).toBe(200);
    const home = await createActiveToken(instance(), { scopes: ['tokens:read'] });
    expectProblem(await instance().get(path, home.headers), { status: 404, code: 'configuration_not_found' });
  });
});

describe('an object of another organisation', () => {
  it('gets the same response as an unknown object, byte for byte', async () => {
    const { id: organisationId } = await createOrganisation(instance());
    const scopes = ['tokens:read', 'tokens:write', 'admin'];
    const { headers } = await createActiveToken(instance(), { organisationId, scopes });
    const until = { acceptOldUntil: '2026-01-01T00:00:00Z' };
    const foreign = [
      ['GET', configurations, ''],
      ['GET', configurations, '/usage'],
      ['PATCH', configurations, '', { enabled: false }],
      ['DELETE', configurations, ''],
      ['POST', configurations, '/rotate', until],
      ['GET', tokensPath, ''],
      ['GET', tokensPath, '/log'],
      ['PATCH', tokensPath, '', { expiresIn: '1d' }],
      ['POST', tokensPath, '/generate'],
      ['POST', tokensPath, '/revoke'],
    ] as const;
    for (const [method, base, suffix, body] of foreign) {
      const ids = base === tokensPath ? [tokenId, '0'.repeat(16)] : [configuration.id, '0'.repeat(24)];
      const [foreignAnswer, unknownAnswer] = await Promise.all(
        ids.map((id) =>
          instance().call(method, `${base}/${id}${suffix}`, { headers, ...(body && { body }) }),
        ),
      );
      expect([method, suffix, foreignAnswer?.status, foreignAnswer?.text]).toEqual([
        method,
        suffix,
        404,
        unknownAnswer?.text,
      ]);
      expect(foreignAnswer?.body['code']).toMatch(/^(configuration|api_token)_not_found$/);
    }
  });
});

describe('an invalid API token', () => {
  it('is rejected with 401 and WWW-Authenticate if it is missing, unknown, expired, revoked or not generated', async () => {
    const revoked = await createActiveToken(instance());
    await instance().call('POST', `${tokensPath}/${revoked.id}/revoke`);
    const expired = await addApiToken(instance(), { scopes: ['tokens:read'], expiresAtMs: Date.now() - 1 });
    const fresh = await createToken(instance());
    const unused = { authorization: `Bearer wmt_${fresh.body['id']}_${'A'.repeat(43)}` };
    const { url } = instance();
    for (const headers of [{}, { authorization: 'Bearer x' }, expired.headers, revoked.headers, unused]) {
      const answer = await call(url, 'GET', configurations, { headers: headers as Record<string, string> });
      expectProblem(answer, { status: 401, code: 'unauthenticated' });
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer( |$)/);
    }
  });
});

const isInstant = (value: unknown) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);

function expectMember(where: string, name: string, value: unknown): void {
  expect([where, name]).toEqual([where, expect.stringMatching(/^[a-z][a-zA-Z]*$/)]);
  if (/^(today|total|refusals|distinctSessions)$/.test(name))
    expect([where, typeof value]).toEqual([where, 'number']);
  if (!isInstant(value)) return;
  const offset = ['lastUsed', 'dayStart'].includes(name) ? /\.\d{3}\+05:45$/ : /^[^+]*\.\d{3}Z$/;
  expect([where, value]).toEqual([where, expect.stringMatching(offset)]);
}

/** Returns every member of a response at any depth, except those in `details`, which repeat client input. */
function membersOf(value: unknown): [name: string, value: unknown][] {
  if (Array.isArray(value)) return value.flatMap(membersOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    [name, inner] as [string, unknown],
    ...(name === 'details' ? [] : membersOf(inner)),
  ]);
}
