import { setText } from './dom.ts';

/** Tells screen readers what sighted people notice by themselves. Not for numbers: they change each second. */
export function announce(message: string): void {
  const announcer = document.getElementById('announcer');
  if (announcer) setText(announcer, message);
}
