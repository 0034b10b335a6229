import { api, call, withoutBody } from './client.ts';
import { ApiError } from './errors.ts';

const PATH = '/api/v1/ui/session';

export interface Session {
  readonly tokenName: string;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
}

/** Returns the session that the cookie identifies, or undefined if no one is signed in. */
export async function currentSession(): Promise<Session | undefined> {
  try {
    return await call(api.GET(PATH));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return undefined;
    throw error;
  }
}

/** Exchanges an API token for a cookie that scripts cannot read. The page does not keep the token. */
export async function signIn(token: string): Promise<Session> {
  await call(api.POST(PATH, { body: { token } }));
  const session = await currentSession();
  if (!session)
    throw new ApiError(0, 'The browser did not keep the session cookie. Allow cookies for this site.');
  return session;
}

/** Ends the session that the cookie identifies. */
export async function signOut(): Promise<void> {
  try {
    await call(api.DELETE(PATH, withoutBody));
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error; // A 401 means that the session has ended already.
  }
}
