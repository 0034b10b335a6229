import { type ReadonlySignal, signal } from '@preact/signals';
import { serverNow } from './clock.ts';

const current = signal(serverNow());

/** The server's current time in epoch milliseconds. It changes once a second while the page is visible. */
export const now: ReadonlySignal<number> = current;

setInterval(() => {
  if (!document.hidden) current.value = serverNow();
}, 1000);
