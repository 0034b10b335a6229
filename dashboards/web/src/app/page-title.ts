import { useEffect } from 'preact/hooks';

/** Sets the title of the browser tab while a page is shown. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · watmeter`;
  }, [title]);
}
