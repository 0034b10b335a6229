import { useEffect } from 'preact/hooks';

/** Returns whether a key press belongs to a control, so that it is no shortcut. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  if (document.querySelector('dialog[open], .popover')) return true;
  return target.matches?.('input, textarea, select, [contenteditable]') ?? false;
}

/** Opens the command palette on Ctrl-K or Command-K. */
export function useShortcuts(actions: { readonly palette: () => void }): void {
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (!document.querySelector('dialog[open]')) actions.palette();
    }
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}
