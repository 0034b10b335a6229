import { beforeAll, expect, it } from 'vitest';
import { auditedActions } from '../../../src/app/declared.ts';
import { pathOf } from '../../../src/platform/http/openapi/components/parameters.ts';
import { isOperation } from '../../../src/platform/http/openapi/document.ts';
import { exchange, mint } from '../../support/api.ts';
import { operations } from '../../support/openapi/document.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import {
  allScopes,
  createActiveToken,
  createOrganisation,
  itemsOf,
  tokensPath,
  uniqueName,
} from './support/access-api.ts';
import { useInstance } from './support/instance.ts';
import { startTimedApp } from './support/timed-app.ts';

const configurations = '/api/v1/web-access-tokens/configurations';

/** The expected response of a route to a token of one organisation that requests objects of another organisation. */
interface Attempt {
  /**
   * `{C}`, `{T}`, `{O}`, `{tag}` and `{W}` stand for the configuration, API token, organisation id, tag and Web
   * Access Token of the other organisation.
   */
  readonly path: string;
  readonly status: number;
  readonly body?: object;
  readonly answer?: object;
  /** Selects the items that must not contain data of the other organisation. Default: all items. */
  readonly isChecked?: (item: Record<string, unknown>) => boolean;
}

type Rule = readonly Attempt[] | { readonly public: string };

const noUsage = { today: 0, total: 0, lastUsed: null };
const notFound = (path: string, body?: object): readonly Attempt[] => [
  { path, status: 404, ...(body !== undefined && { body }) },
];
const isolated = (path: string, ...filtered: Attempt[]): readonly Attempt[] => [
  { path, status: 200 },
  ...filtered,
];
const installation = { status: 403, answer: { code: 'all_organisations_needed' } };

/** The other organisation's entries have the id `{tag}`. They cannot be read, replaced or deleted. */
function directoryRules(kind: 'subjects' | 'resources'): Record<string, Rule> {
  const path = `/api/v1/directory/${kind}`;
  return {
    [`GET ${path}`]: isolated(`${path}?limit=500`),
    [`POST ${path}`]: [{ path, status: 200, body: { items: [{ id: 'of-the-visitor' }] } }],
    [`POST ${path}/delete`]: [
      { path: `${path}/delete`, status: 200, body: { ids: ['{tag}'] }, answer: { deleted: 0 } },
    ],
    [`DELETE ${path}/:id`]: notFound(`${path}/{tag}`),
  };
}

/** Every route of the server, and how it separates organisations. A route that is missing here fails the test. */
const rules: Readonly<Record<string, Rule>> = {
  [`GET ${configurations}`]: isolated(`${configurations}?limit=500`),
  [`POST ${configurations}`]: [{ path: configurations, status: 201, body: { name: 'Of the visitor' } }],
  [`GET ${configurations}/:id`]: notFound(`${configurations}/{C}`),
  [`PATCH ${configurations}/:id`]: notFound(`${configurations}/{C}`, { enabled: false }),
  [`DELETE ${configurations}/:id`]: notFound(`${configurations}/{C}`),
  [`GET ${configurations}/:id/keys`]: notFound(`${configurations}/{C}/keys`),
  [`POST ${configurations}/:id/rotate`]: notFound(`${configurations}/{C}/rotate`, {
    acceptOldUntil: '2026-01-01T00:00:00Z',
  }),
  [`GET ${configurations}/:id/usage`]: notFound(`${configurations}/{C}/usage`),
  'GET /api/v1/usage/summary': isolated(
    '/api/v1/usage/summary',
    { path: '/api/v1/usage/summary?configurationId={C}', status: 200, answer: noUsage },
    { path: '/api/v1/usage/summary?tag={tag}', status: 200, answer: noUsage },
    { path: '/api/v1/usage/summary', status: 200, answer: { total: 1 } },
  ),
  'GET /api/v1/usage/configurations': isolated('/api/v1/usage/configurations?limit=500', {
    path: '/api/v1/usage/configurations?configurationId={C}',
    status: 200,
    answer: { items: [] },
  }),
  'GET /api/v1/usage/tags': isolated('/api/v1/usage/tags?limit=500', {
    path: '/api/v1/usage/tags?configurationId={C}',
    status: 200,
    answer: { items: [] },
  }),
  'GET /api/v1/usage/tags/:tag': [{ path: '/api/v1/usage/tags/{tag}', status: 200, answer: noUsage }],
  'GET /api/v1/usage/series': [
    ...['none', 'configuration', 'tag', 'organisation'].map((groupBy) => ({
      path: `/api/v1/usage/series?range=today&granularity=day&groupBy=${groupBy}`,
      status: 200,
    })),
    {
      path: '/api/v1/usage/series?range=today&configurationId={C}&groupBy=tag',
      status: 200,
      answer: { series: [] },
    },
  ],
  'GET /api/v1/usage/heatmap': isolated('/api/v1/usage/heatmap?range=today', {
    path: '/api/v1/usage/heatmap?range=today&configurationId={C}',
    status: 200,
    answer: { sessions: 0 },
  }),
  'GET /api/v1/usage/sessions': isolated('/api/v1/usage/sessions?limit=500', {
    path: '/api/v1/usage/sessions?configurationId={C}',
    status: 200,
    answer: { items: [] },
  }),
  'GET /api/v1/usage/explain': [
    { path: '/api/v1/usage/explain?range=today&raw=true', status: 200, answer: { agrees: true } },
    {
      path: '/api/v1/usage/explain?range=today&raw=true&configurationId={C}',
      status: 200,
      answer: { counts: [{ sessions: 0, rawSessions: 0 }], sampleSessionIds: [] },
    },
  ],
  'GET /api/v1/usage/live': [
    // A stream of two seconds also includes the counts of the preceding two minutes.
    { path: '/api/v1/usage/live?seconds=2', status: 200 },
    { path: '/api/v1/usage/live?seconds=1&configurationId={C}', status: 200 },
  ],
  'GET /api/v1/usage/dormant': [
    // An attempt above created a configuration of the visitor that was never used, so it is listed.
    { path: '/api/v1/usage/dormant?days=1&limit=500', status: 200 },
    { path: '/api/v1/usage/dormant?days=1&kind=tag', status: 200, answer: { items: [] } },
  ],
  'GET /api/v1/time-zones': isolated('/api/v1/time-zones'),
  'GET /api/v1/usage/imports/:digest': isolated(`/api/v1/usage/imports/${'0'.repeat(64)}`),
  'POST /api/v1/usage/imports/:digest': [
    {
      path: `/api/v1/usage/imports/${'0'.repeat(64)}`,
      status: 422,
      body: { first: 1, sessions: [{ time: '2026-03-29T00:30:00Z', configurationId: '{C}' }] },
    },
  ],
  'GET /api/v1/usage/retention': [{ path: '/api/v1/usage/retention', ...installation }],
  'GET /api/v1/usage/viewers/forget': isolated('/api/v1/usage/viewers/forget'),
  'POST /api/v1/usage/viewers/forget': notFound('/api/v1/usage/viewers/forget', {
    organisationId: '{O}',
    subject: 'alice',
  }),
  'GET /api/v1/usage/integrity': [{ path: '/api/v1/usage/integrity', ...installation }],
  'GET /api/v1/gateways': [{ path: '/api/v1/gateways', ...installation }],
  'POST /api/v1/gateways/retire': [
    { path: '/api/v1/gateways/retire', body: { name: 'gateway-1' }, ...installation },
  ],
  [`GET ${tokensPath}`]: isolated(`${tokensPath}?limit=500`),
  [`POST ${tokensPath}`]: [
    {
      path: tokensPath,
      status: 404,
      body: { name: 'Intruder', scopes: ['ops'], expiresIn: 'never', organisationId: '{O}' },
    },
    {
      path: tokensPath,
      body: { name: 'Intruder', scopes: ['ops'], expiresIn: 'never', organisationId: null },
      ...installation,
    },
    {
      path: tokensPath,
      status: 404,
      body: { name: 'I', scopes: ['tokens:request'], expiresIn: 'never', configurationIds: ['{C}'] },
    },
  ],
  [`GET ${tokensPath}/:id`]: notFound(`${tokensPath}/{T}`),
  [`PATCH ${tokensPath}/:id`]: notFound(`${tokensPath}/{T}`, { scopes: ['ops'] }),
  [`GET ${tokensPath}/:id/log`]: notFound(`${tokensPath}/{T}/log`),
  [`POST ${tokensPath}/:id/generate`]: notFound(`${tokensPath}/{T}/generate`),
  [`POST ${tokensPath}/:id/revoke`]: notFound(`${tokensPath}/{T}/revoke`),
  'POST /api/v1/web-access-tokens/generate': notFound('/api/v1/web-access-tokens/generate', {
    configurationId: '{C}',
    publicKey: 'x',
    payload: { sub: 'a' },
  }),
  'POST /api/v1/web-access-tokens/test': [
    { path: '/api/v1/web-access-tokens/test', status: 200, body: { token: 'a' }, answer: { valid: false } },
  ],
  'POST /api/v1/auth/token': notFound('/api/v1/auth/token', { configurationId: '{C}', sub: 'alice' }),
  'POST /api/v1/auth/token/revoke': [
    ...notFound('/api/v1/auth/token/revoke', { configurationId: '{C}', endSessions: true }),
    ...notFound('/api/v1/auth/token/revoke', { configurationId: '{C}', sub: 'alice', endSessions: true }),
    ...notFound('/api/v1/auth/token/revoke', { token: '{W}', endSessions: true }),
  ],
  'GET /api/v1/auth/revocations': isolated('/api/v1/auth/revocations?limit=500'),
  'DELETE /api/v1/auth/revocations/:id': notFound('/api/v1/auth/revocations/{R}'),
  ...directoryRules('subjects'),
  ...directoryRules('resources'),
  'GET /api/v1/organisations': isolated('/api/v1/organisations?limit=500'),
  'POST /api/v1/organisations': [
    { path: '/api/v1/organisations', body: { name: 'Another' }, ...installation },
  ],
  // The visitor's audit log contains the visitor's own failed requests, which include ids of the other organisation.
  'GET /api/v1/audit': [
    { path: '/api/v1/audit?limit=500', status: 200, isChecked: ({ result }) => result !== 'FAIL' },
  ],
  'GET /api/v1/refusals': isolated('/api/v1/refusals?limit=500'),
  'POST /api/v1/ui/session': { public: 'the API token in the body is the credential' },
  'GET /api/v1/ui/session': { public: 'the cookie is the credential' },
  'DELETE /api/v1/ui/session': { public: 'the cookie is the credential' },
  'POST /api/v1/wat/sessionToken': { public: 'the web access token is the credential' },
  'GET /api/v1/openapi.json': { public: 'describes the program' },
  'POST /api/v1/wat/session/redeem': { public: 'the code is the credential' },
  'GET /wat/:token/*': { public: 'the web access token is the credential' },
  'POST /wat/*': { public: 'the web access token is the credential' },
  ...Object.fromEntries(
    ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => [
      `${method} /api/v1/wat/session`,
      { public: 'the session is the credential' },
    ]),
  ),
  'GET /api/v1/wat/session/claims': { public: 'the session is the credential' },
  'POST /api/v1/wat/session/renew': { public: 'the session is the credential' },
  'GET /.well-known/jwks.json': { public: 'names no organisation' },
  'GET /health/live': { public: 'names no organisation' },
  'GET /health/ready': { public: 'names no organisation' },
  'GET /metrics': { public: 'names no organisation' },
};

/**
 * Returns whether the route serves a dashboard file. These files are the same for all organisations, and their names
 * change with each build.
 */
const isFile = ({ method, url }: { method: string; url: string }) =>
  method === 'GET' && /^\/(assets\/\*|([\w-]+\.[a-z\d]+)?)$/.test(url);

/** Tests on every route and each control store that organisations are isolated from each other. */
describeOnControlStore((stores) => {
  const instance = useInstance({}, stores);
  let visitor: { headers: Record<string, string> };
  let host: Awaited<ReturnType<typeof createTenant>>;

  /** Creates an organisation with a configuration, sessions, tags, API tokens, refusals and audit log entries. */
  async function createTenant(tag: string) {
    const organisation = await createOrganisation(instance());
    const organisationId = organisation.id;
    const admin = await createActiveToken(instance(), { organisationId, scopes: allScopes });
    const name = uniqueName('Configuration');
    const { body } = await instance().call('POST', configurations, {
      body: { name },
      headers: admin.headers,
    });
    for (const kind of ['subjects', 'resources'])
      await instance().call('POST', `/api/v1/directory/${kind}`, {
        body: { items: [{ id: tag }] },
        headers: admin.headers,
      });
    const configuration = { id: String(body['id']), publicKey: String(body['publicKey']) };
    const token = await mint(configuration, { sub: 'alice', trc: [tag] });
    await exchange(instance().url, token);
    await exchange(instance().url, await mint(configuration, { sub: 'alice', exp: 1 }));
    await instance().call('POST', '/api/v1/auth/token/revoke', {
      body: { configurationId: configuration.id, sub: 'a-former-viewer' },
      headers: admin.headers,
    });
    const [revocation] = itemsOf(await instance().get('/api/v1/auth/revocations', admin.headers));
    return {
      ...{ organisation, admin, configuration, revocationId: String(revocation?.['id']) },
      token,
      tag,
      headers: admin.headers,
      names: [name, organisation.name],
    };
  }

  beforeAll(async () => {
    visitor = await createTenant('visitor-tag');
    host = await createTenant('host-tag-7f3a');
    await instance().settled();
  });

  const fillPlaceholders = (text: string) =>
    text
      .replaceAll('{C}', host.configuration.id)
      .replaceAll('{T}', host.admin.id)
      .replaceAll('{R}', host.revocationId)
      .replaceAll('{O}', host.organisation.id)
      .replaceAll('{W}', host.token)
      .replaceAll('{tag}', host.tag);
  const marks = () => [
    ...[
      host.organisation.id,
      host.admin.id,
      host.configuration.id,
      host.revocationId,
      host.tag,
      ...host.names,
    ],
    host.configuration.publicKey.slice(40, 90),
  ];
  const marksIn = (text: string, requested = '') =>
    marks().filter((mark) => text.includes(mark) && !requested.includes(mark));

  it('the isolation rules of this test cover exactly the routes of the server', {
    timeout: 60_000,
  }, async () => {
    const app = await startTimedApp(Date.now());
    await app.stop();
    const routes = app.routes.filter((route) => !isFile(route));
    const routeNames = routes.map(({ method, url }) => `${method} ${url}`);
    expect(routeNames.filter((route) => rules[route] === undefined)).toEqual([]);
    expect(Object.keys(rules).filter((route) => !routeNames.includes(route))).toEqual([]);
    // The OpenAPI document describes the same routes, except routes without an access rule.
    const described = routes.filter(isOperation).map(({ method, url }) => `${method} ${pathOf(url)}`);
    expect(operations.map(({ name }) => name).sort()).toEqual(described.sort());
    const changing = routes.filter(({ isReadOnly, access }) => !isReadOnly && access !== 'public');
    const named = Object.keys(auditedActions).sort();
    expect(changing.map(({ method, url }) => `${method} ${url}`).sort()).toEqual(named);
    // The rules mark exactly the routes as public that the server serves without credentials.
    const open = routes.filter(({ access }) => access === undefined || access === 'public');
    const openRules = Object.keys(rules).filter((route) => 'public' in (rules[route] ?? {}));
    expect(open.map(({ method, url }) => `${method} ${url}`).sort()).toEqual(openRules.sort());
  });

  it('the marker texts of the other organisation appear in its own responses, so that the search for leaks would find them', async () => {
    const all = { authorization: host.headers['authorization'] ?? '' };
    const paths = [configurations, tokensPath, '/api/v1/organisations', '/api/v1/audit', '/api/v1/refusals'];
    const usage = ['tags', 'configurations', 'sessions'].map((list) => `/api/v1/usage/${list}`);
    for (const path of [...paths, ...usage]) {
      const { text, status } = await instance().get(`${path}?limit=500`, all);
      expect([path, status, marksIn(text).length > 0]).toEqual([path, 200, true]);
    }
  });

  const attempts = Object.entries(rules).flatMap(([route, rule]) =>
    'public' in rule ? [] : rule.map((attempt) => [route, attempt] as const),
  );

  it.each(attempts)('%s neither shows nor changes data of another organisation', async (route, attempt) => {
    const path = fillPlaceholders(attempt.path);
    const answer = await instance().call(route.split(' ')[0] ?? '', path, {
      headers: visitor.headers,
      ...(attempt.body !== undefined && { body: fillPlaceholders(JSON.stringify(attempt.body)) }),
    });
    expect([path, answer.status]).toEqual([path, attempt.status]);
    if (attempt.answer !== undefined) expect(answer.body).toMatchObject(attempt.answer);
    // The response may repeat values of the request.
    const { isChecked } = attempt;
    const text = isChecked ? JSON.stringify(itemsOf(answer).filter(isChecked)) : answer.text;
    expect(marksIn(text, path)).toEqual([]);
  });

  it('public routes do not reveal data of an organisation', async () => {
    for (const path of [
      ...['/health/live', '/health/ready', '/metrics', '/'],
      ...['/api/v1/openapi.json', '/.well-known/jwks.json'],
    ])
      expect(marksIn((await instance().get(path, {})).text)).toEqual([]);
  });

  it('a cursor of one organisation does not give access to pages of another organisation', async () => {
    const first = await instance().get(`${configurations}?limit=1`);
    const query = `?cursor=${first.body['nextCursor']}&limit=500`;
    for (const path of [configurations, tokensPath, '/api/v1/organisations']) {
      const { status, text } = await instance().get(`${path}${query}`, visitor.headers);
      expect([status, marksIn(text)]).toEqual([200, []]);
    }
  });

  it('the other organisation still has its data after all attempts', async () => {
    const { headers, configuration, admin } = host;
    const unchanged = await instance().get(`${configurations}/${configuration.id}`, headers);
    expect(unchanged).toMatchObject({ status: 200, body: { enabled: true } });
    const token = await instance().get(`${tokensPath}/${admin.id}`, headers);
    expect(token.body).toMatchObject({ status: 'generated_active', scopes: allScopes });
    expect(itemsOf(await instance().get(tokensPath, headers))).toHaveLength(1);
    expect((await instance().get('/api/v1/usage/summary', headers)).body['total']).toBe(1);
    expect((await exchange(instance().url, host.token)).status).toBe(200);
  });
});
