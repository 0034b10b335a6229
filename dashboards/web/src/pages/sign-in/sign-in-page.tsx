import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../../api/errors.ts';
import { type Session, signIn } from '../../api/session.ts';
import { Gauge } from '../../components/gauge.tsx';
import { Logo } from '../../components/logo.tsx';

interface SignInProps {
  /** Why the form is shown, if a session has ended. */
  readonly reason: string;
  /** Whether the form takes the focus, because it replaced another page. */
  readonly hasFocus: boolean;
  readonly onSignedIn: (session: Session) => void;
}

/** The sign-in form for an API token. The page sends the token once and does not keep it. */
export function SignInPage({ reason, hasFocus, onSignedIn }: SignInProps) {
  const [fault, setFault] = useState(reason);
  const [isPending, setPending] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    document.title = 'Sign in · watmeter';
    if (hasFocus) input.current?.focus();
  }, [hasFocus]);

  async function attempt(event: Event): Promise<void> {
    event.preventDefault();
    if (isPending || !input.current) return;
    setPending(true);
    setFault('');
    try {
      const session = await signIn(input.current.value.trim());
      input.current.value = '';
      onSignedIn(session);
    } catch (error) {
      setPending(false);
      setFault(explain(error));
      input.current.focus();
      input.current.select();
    }
  }

  return (
    <main id="main" class="sign-in" tabIndex={-1} data-pending={isPending || undefined}>
      <div class="sign-in__card">
        <div class="sign-in__face">
          <Gauge />
          <Logo />
        </div>
        <div class="sign-in__body">
          <h1>Sign in</h1>
          {/* If the browser submits the form without the script, POST keeps the token out of the URL. */}
          <form class="sign-in__form" method="post" onSubmit={(event) => void attempt(event)}>
            <label for="token">API token</label>
            <input
              id="token"
              ref={input}
              class="field"
              type="password"
              required
              autocomplete="current-password"
              autocapitalize="off"
              spellcheck={false}
              aria-describedby="token-fault token-help"
            />
            <p id="token-fault" class="sign-in__fault" role="alert">
              {fault}
            </p>
            <button type="submit" class="button button--primary" disabled={isPending}>
              {isPending ? 'Signing in …' : 'Sign in'}
            </button>
          </form>
          <p id="token-help" class="sign-in__help">
            Use an API token with the scope <code>usage:read</code>. The first start of watmeter prints one or
            writes it to <code>data/admin-token</code>.
          </p>
        </div>
      </div>
    </main>
  );
}

function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return String(error);
  if (error.code === 'cross_origin')
    return `${error.message} Behind a proxy, set PUBLIC_URL to the address in the browser, and TRUST_PROXY to the proxy.`;
  if (error.status === 401) return 'The token is unknown, expired or revoked.';
  return error.message;
}
