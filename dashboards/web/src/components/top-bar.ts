import type { Session } from '../api/session.ts';
import { h, setText } from '../ui/dom.ts';
import { createLogo } from './logo.ts';

/** Creates the bar with the logo, the API token's name and the sign-out button. */
export function createTopBar(session: Session, signOut: () => Promise<void>): HTMLElement {
  const signOutButton = h('button', { type: 'button', class: 'button button--quiet' }, 'Sign out');
  const fault = h('span', { class: 'top-bar__fault', role: 'alert' });
  signOutButton.addEventListener('click', () => {
    setText(fault, '');
    signOut().catch(() => setText(fault, 'Sign-out failed. Try again.'));
  });
  const tokenName = h(
    'span',
    { class: 'top-bar__who', title: `Signed in with the API token “${session.tokenName}”` },
    h('span', { class: 'visually-hidden' }, 'Signed in with the API token '),
    h('bdi', {}, session.tokenName),
  );
  return h('header', { class: 'top-bar' }, createLogo(), tokenName, fault, signOutButton);
}
