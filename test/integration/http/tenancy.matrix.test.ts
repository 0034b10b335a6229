import { beforeAll, expect, it } from 'vitest';
import { auditedActions } from '../../../src/app/declared.ts';
import { pathOf } from '../../../src/platform/http/openapi/components/parameters.ts';
import { isOperation } from '../../../src/platform/http/openapi/document.ts';
import { exchange, mint } from '../../support/api.ts';
import { operations } from '../../support/openapi/document.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import {
  allScopes,
  createOrganisation,
  itemsOf,
  makeToken,
  tokensPath,
  uniqueName,
} from './support/access-api.ts';
import { useInstance } from './support/instance.ts';
import { startTimedApp } from './support/timed-app.ts';

const configurations = '/api/v1/web-access-tokens/configurations';

/** What a token of one organisation gets from a route when it asks for another organisation's things. */
interface Try {
  /** `{C}`, `{T}`, `{O}`, `{tag}`, `{W}`: the other organisation's configuration, API token, id, tag and token. */
  readonly path: string;
  readonly status: number;
  readonly body?: object;
  readonly answer?: object;
  /** The part of the items in which nothing of the other organisation may be; left out: all. */
  readonly looked?: (item: Record<string, unknown>) => boolean;
}

type Rule = readonly Try[] | { readonly public: string };

const nothing = { today: 0, total: 0, lastUsed: null };
const notFound = (path: string, body?: object): readonly Try[] => [
  { path, status: 404, ...(body !== undefined && { body }) },
];
const seen = (path: string, ...filtered: Try[]): readonly Try[] => [{ path, status: 200 }, ...filtered];
const installation = { status: 403, answer: { code: 'all_organisations_needed' } };

/** The host's own entries are called `{tag}`: they cannot be read, replaced or taken away. */
function directoryRules(kind: 'subjects' | 'resources'): Record<string, Rule> {
  const path = `/api/v1/directory/${kind}`;
  return {
    [`GET ${path}`]: seen(`${path}?limit=500`),
    [`POST ${path}`]: [{ path, status: 200, body: { items: [{ id: 'of-the-visitor' }] } }],
    [`POST ${path}/delete`]: [
      { path: `${path}/delete`, status: 200, body: { ids: ['{tag}'] }, answer: { deleted: 0 } },
    ],
    [`DELETE ${path}/:id`]: notFound(`${path}/{tag}`),
  };
}

/** Every route of the server. A new one must say here how it keeps organisations apart, else the test fails. */
const rules: Readonly<Record<string, Rule>> = {
  [`GET ${configurations}`]: seen(`${configurations}?limit=500`),
  [`POST ${configurations}`]: [{ path: configurations, status: 201, body: { name: 'Of the visitor' } }],
  [`GET ${configurations}/:id`]: notFound(`${configurations}/{C}`),
  [`PATCH ${configurations}/:id`]: notFound(`${configurations}/{C}`, { enabled: false }),
  [`DELETE ${configurations}/:id`]: notFound(`${configurations}/{C}`),
  [`POST ${configurations}/:id/rotate`]: notFound(`${configurations}/{C}/rotate`, {
    acceptOldUntil: '2026-01-01T00:00:00Z',
  }),
  [`GET ${configurations}/:id/usage`]: notFound(`${configurations}/{C}/usage`),
  'GET /api/v1/usage/summary': seen(
    '/api/v1/usage/summary',
    { path: '/api/v1/usage/summary?configurationId={C}', status: 200, answer: nothing },
    { path: '/api/v1/usage/summary?tag={tag}', status: 200, answer: nothing },
    { path: '/api/v1/usage/summary', status: 200, answer: { total: 1 } },
  ),
  'GET /api/v1/usage/configurations': seen('/api/v1/usage/configurations?limit=500', {
    path: '/api/v1/usage/configurations?configurationId={C}',
    status: 200,
    answer: { items: [] },
  }),
  'GET /api/v1/usage/tags': seen('/api/v1/usage/tags?limit=500', {
    path: '/api/v1/usage/tags?configurationId={C}',
    status: 200,
    answer: { items: [] },
  }),
  'GET /api/v1/usage/tags/:tag': [{ path: '/api/v1/usage/tags/{tag}', status: 200, answer: nothing }],
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
  'GET /api/v1/usage/heatmap': seen('/api/v1/usage/heatmap?range=today', {
    path: '/api/v1/usage/heatmap?range=today&configurationId={C}',
    status: 200,
    answer: { sessions: 0 },
  }),
  'GET /api/v1/usage/sessions': seen('/api/v1/usage/sessions?limit=500', {
    path: '/api/v1/usage/sessions?configurationId={C}',
    status: 200,
    answer: { items: [] },
  }),
  'GET /api/v1/time-zones': seen('/api/v1/time-zones'),
  'GET /api/v1/usage/integrity': [{ path: '/api/v1/usage/integrity', ...installation }],
  [`GET ${tokensPath}`]: seen(`${tokensPath}?limit=500`),
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
  ...directoryRules('subjects'),
  ...directoryRules('resources'),
  'GET /api/v1/organisations': seen('/api/v1/organisations?limit=500'),
  'POST /api/v1/organisations': [
    { path: '/api/v1/organisations', body: { name: 'Another' }, ...installation },
  ],
  // What the visitor asked for in vain is his own doing: of that he is told.
  'GET /api/v1/audit': [
    { path: '/api/v1/audit?limit=500', status: 200, looked: ({ result }) => result !== 'FAIL' },
  ],
  'GET /api/v1/refusals': seen('/api/v1/refusals?limit=500'),
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

/** The dashboard's files are the same for everybody; their names change with each build. */
const isFile = ({ method, url }: { method: string; url: string }) =>
  method === 'GET' && /^\/(assets\/)?([\w-]+\.[a-z\d]+)?$/.test(url);

/** Nothing of one organisation is ever visible to another: on every route, on any control store. */
describeOnControlStore((stores) => {
  const instance = useInstance({}, stores);
  let visitor: { headers: Record<string, string> };
  let host: Awaited<ReturnType<typeof furnish>>;

  /** An organisation with a configuration, sessions, tags, API tokens, refusals and lines in the audit log. */
  async function furnish(tag: string) {
    const organisation = await createOrganisation(instance());
    const organisationId = organisation.id;
    const admin = await makeToken(instance(), { organisationId, scopes: allScopes });
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
    return {
      organisation,
      admin,
      configuration,
      token,
      tag,
      headers: admin.headers,
      names: [name, organisation.name],
    };
  }

  beforeAll(async () => {
    visitor = await furnish('visitor-tag');
    host = await furnish('host-tag-7f3a');
    await instance().settled();
  });

  const filled = (text: string) =>
    text
      .replaceAll('{C}', host.configuration.id)
      .replaceAll('{T}', host.admin.id)
      .replaceAll('{O}', host.organisation.id)
      .replaceAll('{W}', host.token)
      .replaceAll('{tag}', host.tag);
  const marks = () => [
    ...[host.organisation.id, host.admin.id, host.configuration.id, host.tag, ...host.names],
    host.configuration.publicKey.slice(40, 90),
  ];
  const marksIn = (text: string, asked = '') =>
    marks().filter((mark) => text.includes(mark) && !asked.includes(mark));

  it('the table names every route of the server, and no other', async () => {
    const app = await startTimedApp(Date.now());
    await app.stop();
    const routes = app.routes.filter((route) => !isFile(route));
    const known = routes.map(({ method, url }) => `${method} ${url}`);
    expect(known.filter((route) => rules[route] === undefined)).toEqual([]);
    expect(Object.keys(rules).filter((route) => !known.includes(route))).toEqual([]);
    // And so does the OpenAPI document, which has all that say who may call them.
    const described = routes.filter(isOperation).map(({ method, url }) => `${method} ${pathOf(url)}`);
    expect(operations.map(({ name }) => name).sort()).toEqual(described.sort());
    const changing = routes.filter(({ isReadOnly, access }) => !isReadOnly && access !== 'public');
    const named = Object.keys(auditedActions).sort();
    expect(changing.map(({ method, url }) => `${method} ${url}`).sort()).toEqual(named);
    // Public are those, and only those, that the server lets everybody in to.
    const open = routes.filter(({ access }) => access === undefined || access === 'public');
    const openRules = Object.keys(rules).filter((route) => 'public' in (rules[route] ?? {}));
    expect(open.map(({ method, url }) => `${method} ${url}`).sort()).toEqual(openRules.sort());
  });

  it('what is looked for would be found', async () => {
    const all = { authorization: host.headers['authorization'] ?? '' };
    const paths = [configurations, tokensPath, '/api/v1/organisations', '/api/v1/audit', '/api/v1/refusals'];
    const usage = ['tags', 'configurations', 'sessions'].map((list) => `/api/v1/usage/${list}`);
    for (const path of [...paths, ...usage]) {
      const { text, status } = await instance().get(`${path}?limit=500`, all);
      expect([path, status, marksIn(text).length > 0]).toEqual([path, 200, true]);
    }
  });

  const tries = Object.entries(rules).flatMap(([route, rule]) =>
    'public' in rule ? [] : rule.map((one) => [route, one] as const),
  );

  it.each(tries)('%s shows and changes nothing of another organisation', async (route, one) => {
    const path = filled(one.path);
    const answer = await instance().call(route.split(' ')[0] ?? '', path, {
      headers: visitor.headers,
      ...(one.body !== undefined && { body: filled(JSON.stringify(one.body)) }),
    });
    expect([path, answer.status]).toEqual([path, one.status]);
    if (one.answer !== undefined) expect(answer.body).toMatchObject(one.answer);
    // What was asked for by name may come back.
    const { looked } = one;
    const text = looked ? JSON.stringify(itemsOf(answer).filter(looked)) : answer.text;
    expect(marksIn(text, path)).toEqual([]);
  });

  it('what is public names no organisation', async () => {
    for (const path of [
      ...['/health/live', '/health/ready', '/metrics', '/'],
      ...['/api/v1/openapi.json', '/.well-known/jwks.json'],
    ])
      expect(marksIn((await instance().get(path, {})).text)).toEqual([]);
  });

  it('a page of one organisation does not go on into another', async () => {
    const first = await instance().get(`${configurations}?limit=1`);
    const query = `?cursor=${first.body['nextCursor']}&limit=500`;
    for (const path of [configurations, tokensPath, '/api/v1/organisations']) {
      const { status, text } = await instance().get(`${path}${query}`, visitor.headers);
      expect([status, marksIn(text)]).toEqual([200, []]);
    }
  });

  it('and after all that the other organisation has what it had', async () => {
    const { headers, configuration, admin } = host;
    const found = await instance().get(`${configurations}/${configuration.id}`, headers);
    expect(found).toMatchObject({ status: 200, body: { enabled: true } });
    const token = await instance().get(`${tokensPath}/${admin.id}`, headers);
    expect(token.body).toMatchObject({ status: 'generated_active', scopes: allScopes });
    expect(itemsOf(await instance().get(tokensPath, headers))).toHaveLength(1);
    expect((await instance().get('/api/v1/usage/summary', headers)).body['total']).toBe(1);
    expect((await exchange(instance().url, host.token)).status).toBe(200);
  });
});
