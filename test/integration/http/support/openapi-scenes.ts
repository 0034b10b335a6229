import { mint } from '../../../support/api.ts';
import type { OperationCase } from '../../../support/openapi/document.ts';
import type { Answer, RequestParts } from '../../../support/openapi/requests.ts';
import { allScopes, createActiveToken } from './access-api.ts';
import { addApiToken, type Instance } from './instance.ts';
import { run, type World } from './openapi-world.ts';

export interface Scene {
  readonly instance: Instance;
  /** An instance without the settings that the examples need. */
  readonly bare: Instance;
  readonly operationCase: OperationCase;
  readonly world: World;
}

export type Provoker = (scene: Scene) => Promise<Answer>;
export type Change = (parts: RequestParts, scene: Scene) => void;

/** Sends the example request after a change to it. */
export const withChange =
  (change: (parts: RequestParts) => void): Provoker =>
  ({ instance, operationCase, world }) =>
    run(instance, operationCase, world, change);

export const unchanged: Provoker = withChange(() => {});

/** Sends the example request with another value for one of its placeholders. */
export const withValue =
  (name: keyof World['values'], value: string, change: Change = () => {}): Provoker =>
  (scene) => {
    const { instance, operationCase, world } = scene;
    const values = { ...world.values, [name]: value };
    return run(instance, operationCase, { ...world, values }, (parts) => change(parts, scene));
  };

export const withToken =
  (claims: Record<string, unknown>): Provoker =>
  async (scene) =>
    withValue('webAccessToken', await mint(scene.world.configuration, { sub: 'alice', ...claims }))(scene);

/** Sends the example request twice. If it contains an API token id, the second request uses another id. */
export const sentTwice: Provoker = async (scene) => {
  await unchanged(scene);
  const { id } = await createActiveToken(scene.instance);
  return withValue('apiTokenId', id)(scene);
};

/** Sends the example request with an API token that has all scopes except those for which `lacks` returns true. */
export async function sendWithToken(scene: Scene, lacks: (scope: string) => boolean, change: Change) {
  const { instance, operationCase, world } = scene;
  const { headers } = await addApiToken(instance, { scopes: allScopes.filter((scope) => !lacks(scope)) });
  return run(instance, operationCase, world, (parts) => {
    Object.assign(parts.headers, headers);
    change(parts, scene);
  });
}

/** Sends the example request while its configuration is disabled. */
export const whileDisabled: Provoker = async (scene) => {
  const { instance, world } = scene;
  const path = `/api/v1/web-access-tokens/configurations/${world.configuration.id}`;
  const enable = (enabled: boolean) => instance.call('PATCH', path, { body: { enabled } });
  await enable(false);
  const answer = await unchanged(scene);
  await enable(true);
  return answer;
};

export async function revoke({ instance }: Scene, token: string): Promise<void> {
  const { status } = await instance.call('POST', '/api/v1/auth/token/revoke', { body: { token } });
  if (status !== 200) throw new Error(`the token was not revoked: ${status}`);
}

export const bodyOf = (parts: RequestParts) => parts.body as Record<string, unknown>;
