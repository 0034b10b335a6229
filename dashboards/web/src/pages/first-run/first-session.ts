import { api, call } from '../../api/client.ts';
import { serverNow } from '../../lib/clock.ts';

const DAY_S = 86_400;

/** Generates a token that is valid for one day, with the tag `first-link`. */
export async function generateToken(created: {
  readonly id: string;
  readonly publicKey: string;
}): Promise<string> {
  const nowS = Math.floor(serverNow() / 1000);
  const payload = { sub: 'first-viewer', iat: nowS, exp: nowS + DAY_S, trc: ['first-link'] };
  const body = { configurationId: created.id, publicKey: created.publicKey, payload };
  return (await call(api.POST('/api/v1/web-access-tokens/generate', { body }))).token;
}

/** Exchanges a token for a session, which counts one session. */
export async function openToken(token: string): Promise<void> {
  await call(api.POST('/api/v1/wat/sessionToken', { body: { webAccessToken: token } }));
}
