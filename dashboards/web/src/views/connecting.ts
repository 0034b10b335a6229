import { createLogo } from '../components/logo.ts';
import { h } from '../ui/dom.ts';
import type { Screen } from './screen.ts';

/** Creates the screen that is shown while the server does not respond. */
export function createConnecting(detail: string): Screen {
  const element = h(
    'main',
    { id: 'main', class: 'connecting', tabindex: -1 },
    createLogo(),
    h('p', { role: 'status' }, `${detail} Retrying …`),
  );
  return { element, focus: () => element.focus(), close: () => undefined };
}
