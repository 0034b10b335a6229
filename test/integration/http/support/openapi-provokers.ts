import { maxAcceptedKeys } from '../../../../src/tokens/configuration-keys.ts';
import { mint } from '../../../support/api.ts';
import type { OperationCase } from '../../../support/openapi/document.ts';
import type { Answer, RequestParts } from '../../../support/openapi/requests.ts';
import { allScopes, makeToken } from './access-api.ts';
import { addApiToken, type Instance } from './instance.ts';
import { cookieOf, run, type World } from './openapi-world.ts';

export interface Scene {
  readonly instance: Instance;
  readonly one: OperationCase;
  readonly world: World;
}

type Provoker = (scene: Scene) => Promise<Answer>;
type Change = (parts: RequestParts, scene: Scene) => void;

/** The example with one thing changed. */
const changed =
  (change: (parts: RequestParts) => void): Provoker =>
  ({ instance, one, world }) =>
    run(instance, one, world, change);

/** The example in a world where one of its values is another. */
const withValue =
  (name: keyof World['values'], value: string, change: Change = () => {}): Provoker =>
  (scene) => {
    const { instance, one, world } = scene;
    const values = { ...world.values, [name]: value };
    return run(instance, one, { ...world, values }, (parts) => change(parts, scene));
  };

const withToken =
  (claims: Record<string, unknown>): Provoker =>
  async (scene) =>
    withValue('webAccessToken', await mint(scene.world.configuration, { sub: 'alice', ...claims }))(scene);

/** The example twice, where it names an API token for two of them. */
const twice: Provoker = async (scene) => {
  await changed(() => {})(scene);
  const { id } = await makeToken(scene.instance);
  return withValue('apiTokenId', id)(scene);
};

/** The same request of somebody who may do less. */
async function asToken({ instance, one, world }: Scene, lacks: (scope: string) => boolean, change: Change) {
  const { headers } = await addApiToken(instance, { scopes: allScopes.filter((scope) => !lacks(scope)) });
  return run(instance, one, world, (parts) => {
    Object.assign(parts.headers, headers);
    change(parts, { instance, one, world });
  });
}

const bodyOf = (parts: RequestParts) => parts.body as Record<string, unknown>;
const configurationsPath = '/api/v1/web-access-tokens/configurations';
const nobodys = '0'.repeat(24);
/** Where the example names no configuration, but could. */
const bodiesOfNobodys: Readonly<Record<string, object>> = {
  revokeToken: { configurationId: nobodys },
  createApiToken: {
    ...{ name: 'Bound', scopes: ['tokens:request'], expiresIn: '30d' },
    configurationIds: [nobodys],
  },
};
const elsewhere = { 'x-forwarded-for': '203.0.113.7' };

/** How each error is called forth, by its code: the document names none that cannot occur. */
export const provokers: Readonly<Record<string, Provoker>> = {
  invalid_request: changed((parts) => {
    if (parts.body !== undefined) parts.body = [];
    else parts.query['unknown'] = '1';
  }),
  invalid_cursor: changed(({ query }) => {
    query['cursor'] = 'x';
  }),
  invalid_time_zone: changed(({ query }) => {
    query['timeZone'] = 'Mars/Olympus';
  }),
  invalid_json: changed((parts) => {
    parts.body = '{';
  }),
  payload_too_large: changed((parts) => {
    parts.body = JSON.stringify({ text: 'x'.repeat(256 * 1024) });
  }),
  unsupported_media_type: changed(({ headers }) => {
    headers['content-type'] = 'text/plain';
  }),
  unauthenticated: changed((parts) => {
    for (const name of ['authorization', 'cookie']) delete parts.headers[name];
    if (bodyOf(parts)?.['token'] !== undefined) bodyOf(parts)['token'] = 'wmt_0_wrong';
  }),
  insufficient_scope: (scene) => {
    const needed = Object.values(scene.one.operation.security[0] ?? {}).flat();
    return asToken(
      scene,
      (scope) => needed.includes(scope),
      () => {},
    );
  },
  cross_origin: (scene) =>
    changed(({ headers }) => {
      delete headers['authorization'];
      Object.assign(headers, { cookie: cookieOf(scene.world), origin: 'https://elsewhere.example' });
    })(scene),
  all_organisations_needed: (scene) =>
    asToken(
      scene,
      () => false,
      (parts) => {
        if (scene.one.operation.operationId === 'createApiToken') bodyOf(parts)['organisationId'] = null;
      },
    ),
  metrics_not_allowed: changed(({ headers }) => {
    Object.assign(headers, elsewhere);
  }),
  not_found: changed(({ params }) => {
    for (const name of Object.keys(params)) params[name] = 'nobody';
  }),
  configuration_not_found: withValue('configurationId', nobodys, (parts, { one }) => {
    parts.body = bodiesOfNobodys[one.operation.operationId] ?? parts.body;
  }),
  web_access_token_not_found: withValue('webAccessToken', 'no token'),
  api_token_not_found: withValue('apiTokenId', '0'.repeat(16)),
  organisation_not_found: changed((parts) => {
    bodyOf(parts)['organisationId'] = 'nowhere';
  }),
  name_taken: twice,
  configuration_disabled: async (scene) => {
    const { configuration } = scene.world;
    const enable = (enabled: boolean) =>
      scene.instance.call('PATCH', `${configurationsPath}/${configuration.id}`, { body: { enabled } });
    await enable(false);
    const answer = await changed(() => {})(scene);
    await enable(true);
    return answer;
  },
  bound_token_scopes: async (scene) => {
    const wanted = { scopes: ['tokens:request'], configurationIds: [scene.world.configuration.id] };
    const { id } = await makeToken(scene.instance, wanted);
    return withValue('apiTokenId', id, (parts) => {
      const isNew = scene.one.method === 'POST';
      Object.assign(bodyOf(parts), { ...(isNew && wanted), scopes: ['usage:read'] });
    })(scene);
  },
  api_token_revoked: async (scene) => {
    const { id } = await makeToken(scene.instance);
    await scene.instance.call('POST', `/api/v1/api-tokens/${id}/revoke`);
    return withValue('apiTokenId', id)(scene);
  },
  too_many_keys: async ({ instance, one, world }) => {
    const { id } = await instance.configuration();
    const untilMs = Date.now() + 86_400_000;
    for (let made = 1; made < maxAcceptedKeys; made += 1)
      await instance.control.configurationKeys.rotate(
        id,
        { id: `${id}-${made}`, publicKeyDigest: '', sealedPrivateKey: '' },
        { nowMs: Date.now(), acceptOldUntilMs: untilMs },
      );
    const values = { ...world.values, configurationId: id };
    return run(instance, one, { ...world, values }, (parts) => {
      bodyOf(parts)['acceptOldUntil'] = new Date(untilMs).toISOString();
    });
  },
  invalid_public_key: withValue('publicKey', 'no key'),
  payload_invalid: changed((parts) => {
    if (bodyOf(parts)['payload'] === undefined) bodyOf(parts)['lng'] = 'nobody’s';
    else bodyOf(parts)['payload'] = {};
  }),
  token_invalid: withValue('webAccessToken', 'no token'),
  token_expired: withToken({ exp: 1 }),
  token_revoked: async (scene) => {
    const token = await mint(scene.world.configuration, { sub: 'alice' });
    await scene.instance.call('POST', '/api/v1/auth/token/revoke', { body: { token } });
    return withValue('webAccessToken', token)(scene);
  },
  token_not_yet_valid: withToken({ nbf: 4_102_444_800 }),
  rate_limited: async (scene) => {
    const again = changed((parts) => {
      Object.assign(parts.headers, elsewhere);
      parts.body = { webAccessToken: 'no token' };
    });
    // At once: they count for ten seconds only.
    await Promise.all(Array.from({ length: 100 }, () => again(scene)));
    return again(scene);
  },
};
