import { ApiError, request } from './http.ts';

const PATH = '/api/v1/ui/session';

export interface Session {
  readonly tokenName: string;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
}

/** The session that the browser's cookie stands for, or undefined when nobody is signed in. */
export async function currentSession(signal?: AbortSignal): Promise<Session | undefined> {
  try {
    return (await request(PATH, signal && { signal })) as Session;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return undefined;
    throw error;
  }
}

/** Trades an API token for a cookie that scripts cannot read; the token itself is kept nowhere. */
export async function signIn(token: string): Promise<Session> {
  await request(PATH, { method: 'POST', body: { token } });
  const session = await currentSession();
  if (!session)
    throw new ApiError(0, 'The browser did not keep the session cookie. Allow cookies for this site.');
  return session;
}

export async function signOut(): Promise<void> {
  try {
    await request(PATH, { method: 'DELETE', body: {} });
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error; // 401: signed out already
  }
}
