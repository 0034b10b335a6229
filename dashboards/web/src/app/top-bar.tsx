import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { Icon } from '../components/icons.tsx';
import { Logo } from '../components/logo.tsx';
import { Name } from '../components/name.tsx';
import { isPageOf, type PageRoute, sectionsOf } from './routes.ts';
import { SessionContext } from './session-context.ts';

interface TopBarProps {
  readonly routes: readonly PageRoute[];
  readonly onPalette: () => void;
  readonly onSignOut: () => Promise<void>;
}

/** The bar with the logo, the navigation, the search button, the API token's name and the sign-out button. */
export function TopBar({ routes, onPalette, onSignOut }: TopBarProps) {
  const { tokenName } = useContext(SessionContext);
  const [fault, setFault] = useState('');
  function leave(): void {
    setFault('');
    onSignOut().catch(() => setFault('Sign-out failed. Try again.'));
  }
  return (
    <header class="top-bar">
      <a class="top-bar__home" href="/" aria-label="watmeter, to the usage page">
        <Logo />
      </a>
      <Navigation routes={routes} />
      <button
        type="button"
        class="button button--quiet top-bar__search"
        onClick={onPalette}
        title="Search (Ctrl K)"
      >
        <Icon name="search" />
        <span class="top-bar__search-text">Search</span>
        <kbd>Ctrl K</kbd>
      </button>
      <span class="top-bar__who" title={`Signed in with the API token “${tokenName}”`}>
        <span class="visually-hidden">Signed in with the API token </span>
        <Name>{tokenName}</Name>
      </span>
      <span class="top-bar__fault" role="alert">
        {fault}
      </span>
      <button type="button" class="button button--quiet" onClick={leave}>
        Sign out
      </button>
    </header>
  );
}

function Navigation({ routes }: { readonly routes: readonly PageRoute[] }) {
  const { path } = useLocation();
  const sections = sectionsOf(routes);
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a narrow screen, the navigation scrolls sideways.
    const current = nav.current?.querySelector<HTMLElement>('[aria-current]');
    if (nav.current && current) nav.current.scrollLeft = current.offsetLeft - nav.current.offsetLeft - 40;
  }, [path]);
  if (sections.length < 2) return null;
  return (
    <nav class="navigation" aria-label="Pages" ref={nav}>
      {sections.map(({ label, pages }) => (
        <a
          key={label}
          href={pages[0]?.path ?? '/'}
          aria-current={pages.some((page) => isPageOf(page.path, path)) ? 'page' : undefined}
        >
          {label}
        </a>
      ))}
    </nav>
  );
}
