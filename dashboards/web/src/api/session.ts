import { ApiError, request } from './http.ts';

const PATH = '/api/v1/ui/session';

export interface Session {
  readonly tokenName: string;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
}

/** Returns the session that the cookie identifies, or undefined if no one is signed in. */
export async function currentSession(signal?: AbortSignal): Promise<Session | undefined> {
  try {
    return (await request(PATH, signal && { signal })) as Session;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return undefined;
    throw error;
  }
}

/** Exchanges an API token for a cookie that scripts cannot read. The page does not keep the token. */
export async function signIn(token: string): Promise<Session> {
  await request(PATH, { method: 'POST', body: { token } });
  const session = await currentSession();
  if (!session)
    throw new ApiError(0, 'The browser did not keep the session cookie. Allow cookies for this site.');
  return session;
}

/** Ends the session that the cookie identifies. */
export async function signOut(): Promise<void> {
  try {
    await request(PATH, { method: 'DELETE', body: {} });
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error; // A 401 means that the session has ended already.
  }
}
