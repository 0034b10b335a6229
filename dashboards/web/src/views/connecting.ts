import { createLogo } from '../components/logo.ts';
import { h } from '../ui/dom.ts';
import type { Screen } from './screen.ts';

/** Before anything is known: the server has not answered yet. */
export function createConnecting(detail: string): Screen {
  const element = h(
    'main',
    { id: 'main', class: 'connecting', tabindex: -1 },
    createLogo(),
    h('p', { role: 'status' }, `${detail} Trying again …`),
  );
  return { element, focus: () => element.focus(), close: () => undefined };
}
