import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Session } from '../api/session.ts';

/** The session of the signed-in API token. */
export const SessionContext = createContext<Session>({ tokenName: '', scopes: [], expiresAt: null });

/** Returns whether the signed-in API token has a scope. `admin` includes all scopes that the page uses. */
export function useScope(scope: string): boolean {
  return useContext(SessionContext).scopes.includes(scope);
}
