import { usePageTitle } from '../../app/page-title.ts';

/** The page for an address that does not exist. */
export function NotFoundPage() {
  usePageTitle('Page not found');
  return (
    <div class="not-found">
      <h1>Page not found</h1>
      <p>
        No page has this address. <a href="/">Go to Usage</a>
      </p>
    </div>
  );
}
