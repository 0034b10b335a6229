import { createLinkCodes } from '../../../../src/gateway/links/link-codes.ts';
import type { Session } from '../../../../src/gateway/sessions/sessions.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { exchange, mint, type TestConfiguration } from '../../../support/api.ts';
import { adminToken } from '../../../support/app-process.ts';
import { type OperationCase, published } from '../../../support/openapi/document.ts';
import type { OwnValues, RequestParts } from '../../../support/openapi/requests.ts';
import { exampleRequest, send } from '../../../support/openapi/requests.ts';
import { allScopes, makeToken, uniqueName } from './access-api.ts';
import type { Instance } from './instance.ts';

export const admin = { authorization: `Bearer ${adminToken}` };

/** Things of one's own for the values in the document's examples, so that each example works. */
export interface World {
  readonly configuration: TestConfiguration;
  readonly values: Required<OwnValues>;
  /** What the cookie of a dashboard holds that the administrator has signed in. */
  readonly dashboard: string;
  readonly session: Omit<Session, 'expiresAtMs'>;
}

/** A configuration with a counted and a refused session, an API token in use, and a dashboard that is signed in. */
async function createWorld(instance: Instance): Promise<World> {
  const { configuration, ...mine } = await createConfiguration(instance);
  const { body } = await instance.session(configuration, { sub: 'alice', trc: ['newsletter'] });
  const session = {
    sessionId: String(body['sessionId']),
    webSessionToken: String(body['webSessionToken']),
    initialiser: String(body['initialiser']),
  };
  await exchange(instance.url, await mint(configuration, { sub: 'alice', exp: 1 }));
  await instance.settled();
  const linkCode = await createLinkCode(instance, session);
  const values = { ...mine.values, ...(await createUsedToken(instance)), linkCode };
  return { configuration, values, session, dashboard: await signIn(instance) };
}

async function signIn(instance: Instance): Promise<string> {
  const body = { token: adminToken };
  const { headers } = await instance.call('POST', '/api/v1/ui/session', { body, headers: {} });
  return headers.get('set-cookie')?.split(/[=;]/)[1] ?? '';
}

async function createConfiguration(instance: Instance) {
  const configuration = await instance.configuration(uniqueName('Configuration'));
  const webAccessToken = await mintExample(configuration);
  const { id, publicKey } = configuration;
  return { configuration, values: { configurationId: id, publicKey, webAccessToken } };
}

/** One of a kind, each time. */
function mintExample(configuration: TestConfiguration): Promise<string> {
  return mint(configuration, { sub: 'alice@example.com', trc: ['newsletter'] });
}

async function createUsedToken(instance: Instance) {
  const { id, token, headers } = await makeToken(instance, { scopes: allScopes });
  await instance.get('/api/v1/audit', headers);
  return { apiTokenId: id, apiToken: token };
}

/** As a gateway makes one that hands off by code. */
function createLinkCode({ control }: Instance, session: World['session']): Promise<string> {
  const codes = createLinkCodes({ control: control.store, clock: systemClock });
  return codes.issue({ ...session, expiresAtMs: Date.now() + 3_600_000 });
}

async function fillDirectory(instance: Instance): Promise<void> {
  const items = { subjects: { id: 'alice@example.com' }, resources: { id: 'dashboards/sales' } };
  for (const [kind, item] of Object.entries(items))
    await instance.call('POST', `/api/v1/directory/${kind}`, { body: { items: [item] } });
}

/** One world for all that uses up nothing; and for the others one in which what they use up is new. */
export function createWorlds(instance: () => Instance) {
  let made: Promise<World> | undefined;
  const shared = () => {
    made ??= createWorld(instance());
    return made;
  };
  return {
    shared,
    async newFor({ method, path }: OperationCase): Promise<World> {
      const world = await shared();
      const uses = (what: string) => method !== 'GET' && path.includes(what);
      if (path.includes('/directory/')) await fillDirectory(instance());
      const mine = uses('/configurations/{id}') ? await createConfiguration(instance()) : world;
      const { configuration } = mine;
      const values = {
        ...{ ...world.values, ...mine.values, webAccessToken: await mintExample(configuration) },
        ...(uses('/api-tokens/{id}') && (await createUsedToken(instance()))),
        linkCode: await createLinkCode(instance(), world.session),
      };
      const dashboard = uses('/ui/session') ? await signIn(instance()) : world.dashboard;
      return { ...world, configuration, values, dashboard };
    },
  };
}

/** The headers of a credential by the names of OpenAPI's security schemes. */
export function credentialsOf(schemes: readonly string[], world: World): Record<string, string> {
  const known: Record<string, Record<string, string>> = {
    apiToken: admin,
    dashboard: { cookie: cookieOf(world) },
    webSession: { authorization: `Bearer ${world.session.webSessionToken}` },
    initialiser: { initialiser: world.session.initialiser },
    sessionCookie: { cookie: `wat_session=${world.session.webSessionToken}` },
    metricsToken: { authorization: `Bearer ${metricsToken}` },
  };
  return Object.assign({}, ...schemes.map((name) => known[name] ?? fail(name)));
}

/** By the name that the document gives it. */
export function cookieOf({ dashboard }: World): string {
  return `${published.components['securitySchemes']?.['dashboard']?.['name']}=${dashboard}`;
}

function fail(name: string): never {
  throw new Error(`say in openapi-world.ts what the credential of ${name} is`);
}

const metricsToken = 'metrics-token-of-the-test';

/** What has to be set for every example to work. */
export const settingsOfExamples = {
  METRICS_TOKEN: metricsToken,
  LINK_TARGET_URL: 'https://app.example/bi',
};

/** An operation's example, sent with its first credential; `change` alters it before. */
export async function run(
  { url }: Instance,
  one: OperationCase,
  world: World,
  change: (parts: RequestParts) => void = () => {},
) {
  const parts = exampleRequest(one, world.values);
  Object.assign(parts.headers, credentialsOf(Object.keys(one.operation.security[0] ?? {}), world));
  if (parts.headers['cookie'] !== undefined) parts.headers['origin'] = url;
  change(parts);
  return send(url, one, parts);
}
