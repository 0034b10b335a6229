import type { Session } from '../api/session.ts';
import { h, setText } from '../ui/dom.ts';
import { createLogo } from './logo.ts';

export function createTopBar(session: Session, signOut: () => Promise<void>): HTMLElement {
  const out = h('button', { type: 'button', class: 'button button--quiet' }, 'Sign out');
  const fault = h('span', { class: 'top-bar__fault', role: 'alert' });
  out.addEventListener('click', () => {
    setText(fault, '');
    signOut().catch(() => setText(fault, 'Signing out failed. Try again.'));
  });
  const who = h(
    'span',
    { class: 'top-bar__who', title: `Signed in with the API token “${session.tokenName}”` },
    h('span', { class: 'visually-hidden' }, 'Signed in with the API token '),
    h('bdi', {}, session.tokenName),
  );
  return h('header', { class: 'top-bar' }, createLogo(), who, fault, out);
}
