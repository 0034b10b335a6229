import { maxAcceptedKeys } from '../../../../src/tokens/configurations/configuration-keys.ts';
import { mint } from '../../../support/api.ts';
import type { Answer } from '../../../support/openapi/requests.ts';
import { makeToken } from './access-api.ts';
import {
  asItIs,
  asToken,
  bodyOf,
  changed,
  type Provoker,
  revoke,
  type Scene,
  twice,
  whileDisabled,
  withToken,
  withValue,
} from './openapi-scenes.ts';
import { sessionProvokers } from './openapi-session-provokers.ts';
import { cookieOf, run } from './openapi-world.ts';

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

/** Calls an error forth: the document names none that cannot occur. */
export async function provoke(code: string, scene: Scene): Promise<Answer> {
  const { operationId } = scene.one.operation;
  const provoker = sessionProvokers[operationId]?.[code] ?? provokers[code];
  if (provoker === undefined) throw new Error(`say in openapi-provokers.ts how ${code} is called forth`);
  return provoker(scene);
}

/** How each error is called forth, by its code. */
const provokers: Readonly<Record<string, Provoker>> = {
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
  too_many_points: changed(({ query }) => {
    delete query['range'];
    Object.assign(query, { from: '2016-01-01', to: '2026-01-01', granularity: 'quarterHour' });
  }),
  cursor_expired: changed(({ query }) => {
    query['cursor'] = Buffer.from(JSON.stringify([1, 'a ranking that is not kept'])).toString('base64url');
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
  configuration_disabled: whileDisabled,
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
  session_invalid: changed(({ headers }) => {
    headers['initialiser'] = 'another';
  }),
  code_invalid: withValue('linkCode', 'no code'),
  link_path_invalid: changed(({ params }) => {
    params['path'] = 'dashboards//sales';
  }),
  link_target_missing: (scene) => asItIs({ ...scene, instance: scene.bare }),
  prefetch_refused: changed(({ headers }) => {
    headers['sec-purpose'] = 'prefetch';
  }),
  uri_too_long: changed(({ params }) => {
    params['path'] = 'x'.repeat(16 * 1024);
  }),
  invalid_public_key: withValue('publicKey', 'no key'),
  payload_invalid: changed((parts) => {
    if (bodyOf(parts)['payload'] === undefined) bodyOf(parts)['lng'] = 'nobody’s';
    else bodyOf(parts)['payload'] = {};
  }),
  token_invalid: withValue('webAccessToken', 'no token'),
  token_expired: withToken({ exp: 1 }),
  token_revoked: async (scene) => {
    const token = await mint(scene.world.configuration, { sub: 'alice' });
    await revoke(scene, token);
    return withValue('webAccessToken', token)(scene);
  },
  token_not_yet_valid: withToken({ nbf: 4_102_444_800 }),
  rate_limited: async (scene) => {
    const values = { ...scene.world.values, webAccessToken: 'no token', linkCode: 'no code' };
    const again = changed(({ headers }) => Object.assign(headers, elsewhere));
    // At once: they count for ten seconds only.
    const refused = { ...scene, world: { ...scene.world, values } };
    await Promise.all(Array.from({ length: 100 }, () => again(refused)));
    return again(refused);
  },
};
