import { beforeAll } from 'vitest';
import { exchange, type TestConfiguration } from '../../../support/api.ts';
import type { ControlStores } from '../../../support/control-stores.ts';
import { type MadeToken, makeToken } from './access-api.ts';
import { useInstance } from './instance.ts';

export const requestPath = '/api/v1/auth/token';
export const requestScopes = ['tokens:request'];

/** An instance with a configuration, and a back end whose API token may request tokens of it and revoke them. */
export function useBackEnd(stores: ControlStores) {
  const instance = useInstance({}, stores);
  let configuration: TestConfiguration;
  let backEnd: MadeToken;
  beforeAll(async () => {
    configuration = await instance().configuration('Portal');
    backEnd = await makeToken(instance(), { scopes: requestScopes });
  });

  const post = (at: string, body: unknown, headers = backEnd.headers) =>
    instance().call('POST', at, { body, headers });
  return {
    instance,
    configuration: () => configuration,
    backEnd: () => backEnd,
    post,
    request: (members: object = {}, headers = backEnd.headers) =>
      post(requestPath, { configurationId: configuration.id, sub: 'alice', ...members }, headers),
    revoke: (body: unknown, headers = backEnd.headers) => post(`${requestPath}/revoke`, body, headers),
    /** The error of an exchange; undefined where there is a session. */
    codeOf: async (token: unknown) => (await exchange(instance().url, token)).body['code'],
    test: async (token: unknown) =>
      (await instance().call('POST', '/api/v1/web-access-tokens/test', { body: { token } })).body,
  };
}

export type BackEndTools = ReturnType<typeof useBackEnd>;
