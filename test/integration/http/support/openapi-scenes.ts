import { mint } from '../../../support/api.ts';
import type { OperationCase } from '../../../support/openapi/document.ts';
import type { Answer, RequestParts } from '../../../support/openapi/requests.ts';
import { allScopes, makeToken } from './access-api.ts';
import { addApiToken, type Instance } from './instance.ts';
import { run, type World } from './openapi-world.ts';

export interface Scene {
  readonly instance: Instance;
  /** One without settings. */
  readonly bare: Instance;
  readonly one: OperationCase;
  readonly world: World;
}

export type Provoker = (scene: Scene) => Promise<Answer>;
export type Change = (parts: RequestParts, scene: Scene) => void;

/** The example with one thing changed. */
export const changed =
  (change: (parts: RequestParts) => void): Provoker =>
  ({ instance, one, world }) =>
    run(instance, one, world, change);

export const asItIs: Provoker = changed(() => {});

/** The example in a world where one of its values is another. */
export const withValue =
  (name: keyof World['values'], value: string, change: Change = () => {}): Provoker =>
  (scene) => {
    const { instance, one, world } = scene;
    const values = { ...world.values, [name]: value };
    return run(instance, one, { ...world, values }, (parts) => change(parts, scene));
  };

export const withToken =
  (claims: Record<string, unknown>): Provoker =>
  async (scene) =>
    withValue('webAccessToken', await mint(scene.world.configuration, { sub: 'alice', ...claims }))(scene);

/** The example twice, where it names an API token for two of them. */
export const twice: Provoker = async (scene) => {
  await asItIs(scene);
  const { id } = await makeToken(scene.instance);
  return withValue('apiTokenId', id)(scene);
};

/** The same request of somebody who may do less. */
export async function asToken(scene: Scene, lacks: (scope: string) => boolean, change: Change) {
  const { instance, one, world } = scene;
  const { headers } = await addApiToken(instance, { scopes: allScopes.filter((scope) => !lacks(scope)) });
  return run(instance, one, world, (parts) => {
    Object.assign(parts.headers, headers);
    change(parts, scene);
  });
}

/** The example while its configuration is disabled. */
export const whileDisabled: Provoker = async (scene) => {
  const { instance, world } = scene;
  const path = `/api/v1/web-access-tokens/configurations/${world.configuration.id}`;
  const enable = (enabled: boolean) => instance.call('PATCH', path, { body: { enabled } });
  await enable(false);
  const answer = await asItIs(scene);
  await enable(true);
  return answer;
};

export async function revoke({ instance }: Scene, token: string): Promise<void> {
  const { status } = await instance.call('POST', '/api/v1/auth/token/revoke', { body: { token } });
  if (status !== 200) throw new Error(`not revoked: ${status}`);
}

export const bodyOf = (parts: RequestParts) => parts.body as Record<string, unknown>;
