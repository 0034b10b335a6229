import { useEffect, useState } from 'preact/hooks';
import { LocationProvider } from 'preact-iso/router';
import type { Session } from '../api/session.ts';
import { sessionEnd } from '../data/connection.ts';
import { SignInPage } from '../pages/sign-in/sign-in-page.tsx';
import { Connecting } from './connecting.tsx';
import { Layout } from './layout.tsx';
import { restoreSession } from './restore-session.ts';
import { SessionContext } from './session-context.ts';

type Access =
  | { readonly kind: 'connecting'; readonly detail: string }
  | { readonly kind: 'signed-out'; readonly reason: string; readonly isFirst: boolean }
  | { readonly kind: 'signed-in'; readonly session: Session };

const ENDED = 'Your session has ended. Sign in again to continue.';

/** The whole page: the sign-in form, or the page of the address for a session. */
export function App() {
  const [access, setAccess] = useState<Access>({ kind: 'connecting', detail: '' });
  useEffect(() => {
    sessionEnd.notify = () => setAccess({ kind: 'signed-out', reason: ENDED, isFirst: false });
    return restoreSession({
      onSession: (session) =>
        setAccess(
          session ? { kind: 'signed-in', session } : { kind: 'signed-out', reason: '', isFirst: true },
        ),
      onFailure: (detail) => setAccess({ kind: 'connecting', detail }),
    });
  }, []);

  switch (access.kind) {
    case 'connecting':
      return <Connecting detail={access.detail} />;
    case 'signed-out':
      return (
        <SignInPage
          reason={access.reason}
          hasFocus={!access.isFirst}
          onSignedIn={(session) => setAccess({ kind: 'signed-in', session })}
        />
      );
    case 'signed-in':
      return (
        <SessionContext.Provider value={access.session}>
          <LocationProvider>
            <Layout onSignedOut={() => setAccess({ kind: 'signed-out', reason: '', isFirst: false })} />
          </LocationProvider>
        </SessionContext.Provider>
      );
  }
}
