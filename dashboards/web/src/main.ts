import { currentSession, type Session, signOut } from './api/session.ts';
import { createPoller } from './state/poller.ts';
import { readQuery, writeQuery } from './state/query.ts';
import { createConnecting } from './views/connecting.ts';
import { createDashboard } from './views/dashboard.ts';
import type { Screen } from './views/screen.ts';
import { createSignIn } from './views/sign-in.ts';

let current: Screen | undefined;

function show(screen: Screen, title: string): void {
  current?.close();
  current = screen;
  document.getElementById('app')?.replaceChildren(screen.element);
  document.title = title;
}

function showSignIn(reason = ''): void {
  show(
    createSignIn(reason, (session) => {
      showDashboard(session);
      current?.focus();
    }),
    'Sign in · watmeter',
  );
}

function showDashboard(session: Session): void {
  const dashboard = createDashboard(session, {
    signOut: signOutAndLeave,
    onSessionEnd: () => {
      showSignIn('Your session has ended. Sign in again to continue.');
      current?.focus();
    },
  });
  show(dashboard, 'Sessions · watmeter');
}

async function signOutAndLeave(): Promise<void> {
  await signOut();
  writeQuery({ ...readQuery(), configurationId: undefined, tag: undefined }, 'replace');
  showSignIn();
  current?.focus();
}

const startPoller = createPoller({
  load: currentSession,
  onAnswer: (session) => {
    startPoller.stop();
    if (session) showDashboard(session);
    else showSignIn();
  },
  onFailure: (error) => show(createConnecting(error.message), 'watmeter'),
});
startPoller.restart();
