import { mint } from '../../../support/api.ts';
import { type Provoker, revoke, type Scene, unchanged, whileDisabled } from './openapi-scenes.ts';
import { openGateway } from './session-api.ts';

/**
 * Functions, by operation and error code, that send the example request in a session whose Web Access Token was valid
 * at the exchange and is not valid now. The response contains this error code.
 */
export const sessionProvokers: Readonly<Record<string, Readonly<Record<string, Provoker>>>> = {
  authorizeRequest: {
    token_invalid: whileDisabled,
    token_expired: withTimes({ expiresAtS: 1 }),
    token_not_yet_valid: withTimes({ notBeforeS: 4_102_444_800 }),
    token_revoked: async (scene) => {
      const { instance, world } = scene;
      const token = await mint(world.configuration, { sub: 'alice' });
      const body = { webAccessToken: token };
      const { body: session } = await instance.call('POST', '/api/v1/wat/sessionToken', {
        body,
        headers: {},
      });
      await revoke(scene, token);
      return inSession(scene, session);
    },
  },
};

/** Sends the example request in a session whose Web Access Token has the given times. */
function withTimes(times: { readonly expiresAtS?: number; readonly notBeforeS?: number }): Provoker {
  return async (scene) => {
    const { session } = scene.world;
    const tokenTimes = { expiresAtS: undefined, notBeforeS: undefined, issuedAtS: undefined, ...times };
    const gateway = await openGateway(scene.instance);
    return inSession(scene, {
      ...session,
      webSessionToken: gateway.changedToken(session.webSessionToken, { tokenTimes }),
    });
  };
}

function inSession(scene: Scene, members: Readonly<Record<string, unknown>>) {
  const [sessionId, initialiser, webSessionToken] = ['sessionId', 'initialiser', 'webSessionToken'].map(
    (name) => String(members[name]),
  ) as [string, string, string];
  const session = { sessionId, initialiser, webSessionToken };
  const sessionCookie = webSessionToken;
  return unchanged({ ...scene, world: { ...scene.world, session, sessionCookie } });
}
