import { useLocation } from 'preact-iso/router';
import { isPageOf, type PageRoute, sectionsOf } from './routes.ts';

/** Links between the pages of the current section, if it has several. */
export function SectionTabs({ routes }: { readonly routes: readonly PageRoute[] }) {
  const { path } = useLocation();
  const section = sectionsOf(routes).find(({ pages }) => pages.some((page) => isPageOf(page.path, path)));
  if (section === undefined || section.pages.length < 2) return null;
  return (
    <nav class="tabs" aria-label={section.label}>
      {section.pages.map((page) => (
        <a key={page.path} href={page.path} aria-current={isPageOf(page.path, path) ? 'page' : undefined}>
          {page.label}
        </a>
      ))}
    </nav>
  );
}
