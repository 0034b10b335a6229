import { beforeAll } from 'vitest';
import { exchange, type TestConfiguration } from '../../../support/api.ts';
import type { ControlStores } from '../../../support/control-stores.ts';
import { type ActiveApiToken, createActiveToken } from './access-api.ts';
import { useInstance } from './instance.ts';

export const requestPath = '/api/v1/auth/token';
export const requestScopes = ['tokens:request'];

/**
 * Starts an instance with a configuration and a back end whose API token can request and revoke Web Access Tokens.
 */
export function useBackEnd(stores: ControlStores) {
  const instance = useInstance({}, stores);
  let configuration: TestConfiguration;
  let backEnd: ActiveApiToken;
  beforeAll(async () => {
    configuration = await instance().configuration('Portal');
    backEnd = await createActiveToken(instance(), { scopes: requestScopes });
  });

  const post = (path: string, body: unknown, headers = backEnd.headers) =>
    instance().call('POST', path, { body, headers });
  return {
    instance,
    configuration: () => configuration,
    backEnd: () => backEnd,
    post,
    request: (members: object = {}, headers = backEnd.headers) =>
      post(requestPath, { configurationId: configuration.id, sub: 'alice', ...members }, headers),
    revoke: (body: unknown, headers = backEnd.headers) => post(`${requestPath}/revoke`, body, headers),
    /** Returns the error code of an exchange, or undefined if it succeeds. */
    codeOf: async (token: unknown) => (await exchange(instance().url, token)).body['code'],
    test: async (token: unknown) =>
      (await instance().call('POST', '/api/v1/web-access-tokens/test', { body: { token } })).body,
  };
}

export type BackEndTools = ReturnType<typeof useBackEnd>;
