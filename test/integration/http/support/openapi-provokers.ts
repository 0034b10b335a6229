import { importBodyLimitBytes } from '../../../../consumers/import/import-schemas.ts';
import { maxAcceptedKeys } from '../../../../src/tokens/configurations/configuration-keys.ts';
import { mint } from '../../../support/api.ts';
import type { Answer } from '../../../support/openapi/requests.ts';
import { createActiveToken } from './access-api.ts';
import {
  bodyOf,
  type Provoker,
  revoke,
  type Scene,
  sendWithToken,
  sentTwice,
  unchanged,
  whileDisabled,
  withChange,
  withToken,
  withValue,
} from './openapi-scenes.ts';
import { sessionProvokers } from './openapi-session-provokers.ts';
import { cookieOf, run } from './openapi-world.ts';

const unknownId = '0'.repeat(24);
/** Request bodies with an unknown configuration id, for operations whose example body has no configuration id. */
const bodiesWithUnknownId: Readonly<Record<string, object>> = {
  revokeToken: { configurationId: unknownId },
  createApiToken: {
    ...{ name: 'Bound', scopes: ['tokens:request'], expiresIn: '30d' },
    configurationIds: [unknownId],
  },
};
const otherAddress = { 'x-forwarded-for': '203.0.113.7' };

/**
 * Sends the request that causes the error code.
 * @throws Error for a code without a provoker, because the document must not list errors that cannot occur.
 */
export async function provoke(code: string, scene: Scene): Promise<Answer> {
  const { operationId } = scene.operationCase.operation;
  const provoker = sessionProvokers[operationId]?.[code] ?? provokers[code];
  if (provoker === undefined) throw new Error(`add a provoker for ${code} to openapi-provokers.ts`);
  return provoker(scene);
}

/** Sends the example with a wrong API token until the limit of failed attempts is reached. */
async function sendWrongTokens(scene: Scene): Promise<Answer> {
  const token = `wmt_limited_${'x'.repeat(43)}`;
  const sendWrong = withChange((parts) => {
    delete parts.headers['cookie'];
    parts.headers['authorization'] = `Bearer ${token}`;
    if (bodyOf(parts)?.['token'] !== undefined) bodyOf(parts)['token'] = token;
  });
  let answer = await sendWrong(scene);
  for (let attempt = 0; attempt < 21 && answer.status === 401; attempt += 1) answer = await sendWrong(scene);
  return answer;
}

/** Functions that cause an error, by error code. */
const provokers: Readonly<Record<string, Provoker>> = {
  invalid_request: withChange((parts) => {
    if (parts.body !== undefined) parts.body = [];
    else parts.query['unknown'] = '1';
  }),
  invalid_cursor: withChange(({ query }) => {
    query['cursor'] = 'x';
  }),
  invalid_time_zone: withChange(({ query }) => {
    query['timeZone'] = 'Mars/Olympus';
  }),
  too_many_points: withChange(({ query }) => {
    delete query['range'];
    Object.assign(query, { from: '2016-01-01', to: '2026-01-01', granularity: 'quarterHour' });
  }),
  workbook_too_large: withChange(({ query }) => {
    delete query['range'];
    Object.assign(query, {
      from: '2016-01-01',
      to: '2026-01-01',
      granularity: 'quarterHour',
      format: 'xlsx',
    });
  }),
  // Sends the example request 60 times at once, which is more than the limit allows.
  usage_busy: async (scene) => {
    const queries = Array.from({ length: 60 }, () => unchanged(scene));
    return (await Promise.all(queries)).find(({ status }) => status === 429) ?? unchanged(scene);
  },
  too_many_live_clients: async (scene) => {
    const streams = Array.from({ length: 30 }, () => unchanged(scene));
    return (await Promise.all(streams)).find(({ status }) => status === 429) ?? unchanged(scene);
  },
  cursor_expired: withChange(({ query }) => {
    query['cursor'] = Buffer.from(JSON.stringify([1, 'a ranking that is not cached'])).toString('base64url');
  }),
  invalid_json: withChange((parts) => {
    parts.body = '{';
  }),
  invalid_utf8: withChange((parts) => {
    parts.body = Buffer.from('{"text":"\xff"}', 'latin1');
  }),
  // The server rejects the length before it reads the body.
  payload_too_large: withChange((parts) => {
    parts.body = '{}';
    parts.headers['content-length'] = String(importBodyLimitBytes + 1);
  }),
  import_gap: withChange((parts) => {
    bodyOf(parts)['first'] = 1000;
  }),
  import_invalid: withChange((parts) => {
    const [session] = bodyOf(parts)['sessions'] as object[];
    bodyOf(parts)['sessions'] = [{ ...session, time: '2999-01-01T00:00:00Z' }];
  }),
  unsupported_media_type: withChange(({ headers }) => {
    headers['content-type'] = 'text/plain';
  }),
  unauthenticated: withChange((parts) => {
    for (const name of ['authorization', 'cookie']) delete parts.headers[name];
    if (bodyOf(parts)?.['token'] !== undefined) bodyOf(parts)['token'] = 'wmt_0_wrong';
  }),
  insufficient_scope: (scene) => {
    const needed = Object.values(scene.operationCase.operation.security[0] ?? {}).flat();
    return sendWithToken(
      scene,
      (scope) => needed.includes(scope),
      () => {},
    );
  },
  cross_origin: (scene) =>
    withChange(({ headers }) => {
      delete headers['authorization'];
      Object.assign(headers, { cookie: cookieOf(scene.world), origin: 'https://elsewhere.example' });
    })(scene),
  all_organisations_needed: (scene) =>
    sendWithToken(
      scene,
      () => false,
      (parts) => {
        if (scene.operationCase.operation.operationId === 'createApiToken')
          bodyOf(parts)['organisationId'] = null;
      },
    ),
  metrics_not_allowed: withChange(({ headers }) => {
    delete headers['authorization'];
  }),
  not_found: withChange(({ params }) => {
    for (const name of Object.keys(params)) params[name] = 'unknown';
  }),
  configuration_not_found: withValue('configurationId', unknownId, (parts, { operationCase }) => {
    parts.body = bodiesWithUnknownId[operationCase.operation.operationId] ?? parts.body;
  }),
  web_access_token_not_found: withValue('webAccessToken', 'no token'),
  revocation_not_found: withValue('revocationId', '0'.repeat(16)),
  api_token_not_found: withValue('apiTokenId', '0'.repeat(16)),
  organisation_not_found: withChange((parts) => {
    bodyOf(parts)['organisationId'] = 'nowhere';
  }),
  name_taken: sentTwice,
  configuration_disabled: whileDisabled,
  bound_token_scopes: async (scene) => {
    const boundToken = { scopes: ['tokens:request'], configurationIds: [scene.world.configuration.id] };
    const { id } = await createActiveToken(scene.instance, boundToken);
    return withValue('apiTokenId', id, (parts) => {
      const isNew = scene.operationCase.method === 'POST';
      Object.assign(bodyOf(parts), { ...(isNew && boundToken), scopes: ['usage:read'] });
    })(scene);
  },
  api_token_revoked: async (scene) => {
    const { id } = await createActiveToken(scene.instance);
    await scene.instance.call('POST', `/api/v1/api-tokens/${id}/revoke`);
    return withValue('apiTokenId', id)(scene);
  },
  too_many_keys: async ({ instance, operationCase, world }) => {
    const { id } = await instance.configuration();
    const untilMs = Date.now() + 86_400_000;
    for (let count = 1; count < maxAcceptedKeys; count += 1)
      await instance.control.configurationKeys.rotate(
        id,
        { id: `${id}-${count}`, publicKeyDigest: '', sealedPrivateKey: '' },
        { nowMs: Date.now(), acceptOldUntilMs: untilMs },
      );
    const values = { ...world.values, configurationId: id };
    return run(instance, operationCase, { ...world, values }, (parts) => {
      bodyOf(parts)['acceptOldUntil'] = new Date(untilMs).toISOString();
    });
  },
  session_invalid: withChange(({ headers }) => {
    headers['initialiser'] = 'another';
  }),
  code_invalid: withValue('linkCode', 'no code'),
  link_path_invalid: withChange(({ params }) => {
    params['path'] = 'dashboards//sales';
  }),
  link_target_missing: (scene) => unchanged({ ...scene, instance: scene.bare }),
  prefetch_refused: withChange(({ headers }) => {
    headers['sec-purpose'] = 'prefetch';
  }),
  not_a_page_load: withChange(({ headers }) => {
    headers['sec-fetch-dest'] = 'image';
  }),
  cross_site_frame: withChange(({ headers }) => {
    Object.assign(headers, { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' });
  }),
  uri_too_long: withChange(({ params }) => {
    params['path'] = 'x'.repeat(16 * 1024);
  }),
  invalid_public_key: withValue('publicKey', 'no key'),
  payload_invalid: withChange((parts) => {
    if (bodyOf(parts)['payload'] === undefined) bodyOf(parts)['lng'] = 'no-language';
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
  claims_budget_exceeded: async (scene) => {
    const { configuration } = scene.world;
    const sendLarge = async () => {
      const token = await mint(configuration, { sub: 'alice', grants: { prm: { a: 'x'.repeat(80_000) } } });
      return withValue('webAccessToken', token)(scene);
    };
    for (let sent = 0; sent < 15; sent += 1) {
      const answer = await sendLarge();
      if (answer.status === 429) return answer;
    }
    return sendLarge();
  },
  rate_limited: async (scene) => {
    const { operationId, security } = scene.operationCase.operation;
    const isGuarded = security.some((requirement) => 'apiToken' in requirement);
    if (isGuarded || operationId === 'signIn') return sendWrongTokens(scene);
    const values = { ...scene.world.values, webAccessToken: 'no token', linkCode: 'no code' };
    const sendFromAddress = withChange(({ headers }) => Object.assign(headers, otherAddress));
    // The requests run concurrently, because a failure counts only for ten seconds.
    const refused = { ...scene, world: { ...scene.world, values } };
    await Promise.all(Array.from({ length: 100 }, () => sendFromAddress(refused)));
    return sendFromAddress(refused);
  },
};
