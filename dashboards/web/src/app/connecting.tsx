import { Logo } from '../components/logo.tsx';

/** The screen until the server has answered for the first time. */
export function Connecting({ detail }: { readonly detail: string }) {
  return (
    <main id="main" class="connecting" tabIndex={-1}>
      <h1 class="visually-hidden">watmeter</h1>
      <Logo />
      <p role="status">{detail === '' ? '' : `${detail} Retrying …`}</p>
    </main>
  );
}
