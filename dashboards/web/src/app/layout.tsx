import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { ErrorBoundary } from 'preact-iso/lazy';
import { Route, Router, useLocation } from 'preact-iso/router';
import { signOut } from '../api/session.ts';
import { NotFoundPage } from '../pages/not-found/not-found-page.tsx';
import { Palette } from './palette.tsx';
import { pageRoutes } from './routes.ts';
import { SectionTabs } from './section-tabs.tsx';
import { SessionContext } from './session-context.ts';
import { useShortcuts } from './shortcuts.ts';
import { TopBar } from './top-bar.tsx';

interface LayoutProps {
  readonly onSignedOut: () => void;
}

/** The frame of all pages: top bar, navigation, command palette, and the page of the address. */
export function Layout({ onSignedOut }: LayoutProps) {
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const { path } = useLocation();
  const main = useRef<HTMLElement>(null);
  const session = useContext(SessionContext);
  const routes = pageRoutes.filter(({ scope }) => session.scopes.includes(scope));
  useShortcuts({ palette: () => setPaletteOpen(true) });

  const isFirstPage = useRef(true);
  useEffect(() => {
    // After a navigation, the keyboard continues at the start of the new page.
    if (!isFirstPage.current) main.current?.focus();
    isFirstPage.current = false;
  }, [path]);

  async function leave(): Promise<void> {
    await signOut();
    // The filters may contain names that the next person must not see.
    history.replaceState(null, '', '/');
    onSignedOut();
  }

  return (
    <div class="shell">
      <TopBar routes={routes} onPalette={() => setPaletteOpen(true)} onSignOut={leave} />
      <main id="main" class="page" tabIndex={-1} ref={main}>
        <SectionTabs routes={routes} />
        <ErrorBoundary>
          <Router>
            {pageRoutes.map(({ path: pagePath, component }) => (
              <Route key={pagePath} path={pagePath} component={component} />
            ))}
            <Route default component={NotFoundPage} />
          </Router>
        </ErrorBoundary>
      </main>
      {isPaletteOpen && <Palette routes={routes} onClose={() => setPaletteOpen(false)} />}
    </div>
  );
}
