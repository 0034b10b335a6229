import { ApiError } from '../api/http.ts';
import { type Session, signIn } from '../api/session.ts';
import { createGauge } from '../components/gauge.ts';
import { createLogo } from '../components/logo.ts';
import { h, setAttribute, setText } from '../ui/dom.ts';
import type { Screen } from './screen.ts';

/** Creates the sign-in form for an API token. The page sends the token once and does not keep it. */
export function createSignIn(reason: string, onSignedIn: (session: Session) => void): Screen {
  const input = h('input', {
    id: 'token',
    class: 'field',
    type: 'password',
    required: true,
    autocomplete: 'current-password',
    autocapitalize: 'off',
    spellcheck: 'false',
    'aria-describedby': 'token-fault token-help',
  });
  const button = h('button', { class: 'button button--primary' }, 'Sign in');
  const fault = h('p', { id: 'token-fault', class: 'sign-in__fault', role: 'alert' }, reason);
  // If the browser submits the form without the script, POST keeps the token out of the URL.
  const form = h(
    'form',
    { class: 'sign-in__form', method: 'post' },
    h('label', { for: 'token' }, 'API token'),
    input,
    fault,
    button,
  );
  const element = h(
    'main',
    { id: 'main', class: 'sign-in', tabindex: -1 },
    h(
      'div',
      { class: 'sign-in__card' },
      h('div', { class: 'sign-in__face' }, createGauge(), createLogo()),
      h('div', { class: 'sign-in__body' }, h('h1', {}, 'Sign in'), form, help()),
    ),
  );

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt();
  });

  async function attempt(): Promise<void> {
    if (button.disabled) return;
    setPending(true);
    try {
      const session = await signIn(input.value.trim());
      input.value = '';
      onSignedIn(session);
    } catch (error) {
      setPending(false);
      setText(fault, explain(error));
      input.focus();
      input.select();
    }
  }

  function setPending(isPending: boolean): void {
    button.disabled = isPending;
    setText(button, isPending ? 'Signing in …' : 'Sign in');
    setAttribute(element, 'data-pending', isPending);
    if (isPending) setText(fault, '');
  }

  return { element, focus: () => input.focus(), close: () => undefined };
}

function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return String(error);
  if (error.status === 401) return 'The token is unknown, expired or revoked.';
  return error.message;
}

function help(): HTMLElement {
  return h(
    'p',
    { id: 'token-help', class: 'sign-in__help' },
    'Use an API token with the scope ',
    h('code', {}, 'usage:read'),
    '. The first start of watmeter prints one or writes it to ',
    h('code', {}, 'data/admin-token'),
    '.',
  );
}
