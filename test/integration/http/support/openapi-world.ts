import { randomBytes } from 'node:crypto';
import { createLinkCodes } from '../../../../src/gateway/links/link-codes.ts';
import type { Session } from '../../../../src/gateway/sessions/sessions.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { exchange, mint, type TestConfiguration } from '../../../support/api.ts';
import { adminToken } from '../../../support/app-process.ts';
import { type OperationCase, published } from '../../../support/openapi/document.ts';
import type { ExampleOverrides, RequestParts } from '../../../support/openapi/requests.ts';
import { exampleRequest, send } from '../../../support/openapi/requests.ts';
import { allScopes, createActiveToken, uniqueName } from './access-api.ts';
import type { Instance } from './instance.ts';
import { openGateway } from './session-api.ts';

export const admin = { authorization: `Bearer ${adminToken}` };

/** Real objects that replace the placeholders in the examples of the OpenAPI document, so that the examples succeed. */
export interface World {
  readonly configuration: TestConfiguration;
  readonly values: Required<ExampleOverrides>;
  /** The cookie value of the administrator's dashboard session. */
  readonly dashboard: string;
  readonly session: Omit<Session, 'expiresAtMs'>;
  /** The session token of `session`, as a link would issue it for a cookie. */
  readonly sessionCookie: string;
}

/** Creates a configuration with a counted session and a refusal, a used API token, and a dashboard session. */
async function createWorld(instance: Instance): Promise<World> {
  const { configuration, values: configurationValues } = await createConfiguration(instance);
  const { body } = await instance.session(configuration, { sub: 'alice', trc: ['newsletter'] });
  const session = {
    sessionId: String(body['sessionId']),
    webSessionToken: String(body['webSessionToken']),
    initialiser: String(body['initialiser']),
  };
  await exchange(instance.url, await mint(configuration, { sub: 'alice', exp: 1 }));
  await instance.settled();
  // With this configuration, the list of unused configurations and tags has at least one item.
  await instance.configuration(uniqueName('Unused'));
  const linkCode = await createLinkCode(instance, session);
  const revocationId = await createRevocation(instance, configuration);
  const values = { ...configurationValues, ...(await createUsedToken(instance)), linkCode, revocationId };
  const sessionCookie = (await openGateway(instance)).asCookie(session.webSessionToken);
  return { configuration, values, session, sessionCookie, dashboard: await signIn(instance) };
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

/** Revokes the tokens of another viewer, and returns the id of the revocation. */
async function createRevocation(instance: Instance, configuration: TestConfiguration): Promise<string> {
  const body = { configurationId: configuration.id, sub: uniqueName('revoked') };
  await instance.call('POST', '/api/v1/auth/token/revoke', { body });
  const { body: list } = await instance.get('/api/v1/auth/revocations?limit=1');
  return String((list['items'] as { id: string }[])[0]?.id);
}

/** Creates a new Web Access Token on each call. */
function mintExample(configuration: TestConfiguration): Promise<string> {
  return mint(configuration, { sub: 'alice@example.com', trc: ['newsletter'] });
}

async function createUsedToken(instance: Instance) {
  const { id, token, headers } = await createActiveToken(instance, { scopes: allScopes });
  await instance.get('/api/v1/audit', headers);
  return { apiTokenId: id, apiToken: token };
}

/** Creates a link code, as a gateway does for a link with the code hand-off. */
function createLinkCode({ control }: Instance, session: World['session']): Promise<string> {
  const codes = createLinkCodes({ control: control.store, clock: systemClock });
  return codes.issue({ ...session, expiresAtMs: Date.now() + 3_600_000 });
}

async function fillDirectory(instance: Instance): Promise<void> {
  const items = { subjects: { id: 'alice@example.com' }, resources: { id: 'dashboards/sales' } };
  for (const [kind, item] of Object.entries(items))
    await instance.call('POST', `/api/v1/directory/${kind}`, { body: { items: [item] } });
}

/** Returns functions that create one shared world, and a world with new values for operations that consume a value. */
export function createWorlds(instance: () => Instance) {
  let sharedWorld: Promise<World> | undefined;
  const shared = () => {
    sharedWorld ??= createWorld(instance());
    return sharedWorld;
  };
  return {
    shared,
    async newFor({ method, path }: OperationCase): Promise<World> {
      const world = await shared();
      const uses = (part: string) => method !== 'GET' && path.includes(part);
      if (path.includes('/directory/')) await fillDirectory(instance());
      const source = uses('/configurations/{id}') ? await createConfiguration(instance()) : world;
      const { configuration } = source;
      const values = {
        ...{ ...world.values, ...source.values, webAccessToken: await mintExample(configuration) },
        ...(uses('/api-tokens/{id}') && (await createUsedToken(instance()))),
        linkCode: await createLinkCode(instance(), world.session),
        ...(uses('/revocations/{id}') && {
          revocationId: await createRevocation(instance(), configuration),
        }),
      };
      const dashboard = uses('/ui/session') ? await signIn(instance()) : world.dashboard;
      return { ...world, configuration, values, dashboard };
    },
  };
}

/** Returns the headers for the given OpenAPI security schemes. */
export function credentialsOf(schemes: readonly string[], world: World): Record<string, string> {
  const headersByScheme: Record<string, Record<string, string>> = {
    apiToken: admin,
    dashboard: { cookie: cookieOf(world) },
    webSession: { authorization: `Bearer ${world.session.webSessionToken}` },
    initialiser: { initialiser: world.session.initialiser },
    sessionCookie: { cookie: `wat_session=${world.sessionCookie}` },
    metricsToken: { authorization: `Bearer ${metricsToken}` },
  };
  return Object.assign({}, ...schemes.map((name) => headersByScheme[name] ?? fail(name)));
}

/** Returns the cookie of the dashboard session, with the cookie name in the OpenAPI document. */
export function cookieOf({ dashboard }: World): string {
  return `${published.components['securitySchemes']?.['dashboard']?.['name']}=${dashboard}`;
}

function fail(name: string): never {
  throw new Error(`add the credential of ${name} to credentialsOf in openapi-world.ts`);
}

const metricsToken = 'metrics-token-of-the-test';

/** The settings that the examples need to succeed. */
export const settingsOfExamples = {
  METRICS_TOKEN: metricsToken,
  // With METRICS_TOKEN, loopback has no exemption from the limits of one address, so each request has an address of its own.
  TRUST_PROXY: 'true',
  // The smallest budget, so that a few tokens with large claims exceed it.
  CLAIMS_BUDGET: '1MiB',
  LINK_TARGET_URL: 'https://app.example/bi',
};

/**
 * Returns the security schemes of an operation's first credential. Without credentials, two operations serve only local
 * requests, and no request is local with METRICS_TOKEN.
 */
function firstCredential({ operation: { security } }: OperationCase): string[] {
  const [first = {}, second = {}] = security;
  return Object.keys(Object.keys(first).length > 0 ? first : second);
}

/** Sends the example request of an operation with its first credential, after `change` has modified it. */
export async function run(
  { url }: Instance,
  operationCase: OperationCase,
  world: World,
  change: (parts: RequestParts) => void = () => {},
) {
  const parts = exampleRequest(operationCase, world.values);
  Object.assign(parts.headers, credentialsOf(firstCredential(operationCase), world));
  parts.headers['x-forwarded-for'] = `10.${[...randomBytes(3)].join('.')}`;
  if (parts.headers['cookie'] !== undefined) parts.headers['origin'] = url;
  change(parts);
  return send(url, operationCase, parts);
}
