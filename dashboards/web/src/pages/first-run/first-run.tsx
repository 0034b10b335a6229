import { useState } from 'preact/hooks';
import { useScope } from '../../app/session-context.ts';
import { CopyButton } from '../../components/forms/copy-button.tsx';
import { Form, TextField } from '../../components/forms/form.tsx';
import { PublicKey } from '../../components/forms/public-key.tsx';
import { useAction } from '../../components/forms/use-action.ts';
import { Code } from '../../components/states.tsx';
import { createConfiguration } from '../configurations/use-configurations.ts';
import { generateToken, openToken } from './first-session.ts';

interface FirstRunProps {
  /** Whether the instance has counted no session yet. */
  readonly isEmpty: boolean;
}

interface Created {
  readonly id: string;
  readonly name: string;
  readonly publicKey: string;
}

/** Leads from an empty instance to the first counted session, without leaving the page. */
export function FirstRun({ isEmpty }: FirstRunProps) {
  const [name, setName] = useState('My first configuration');
  const [created, setCreated] = useState<Created>();
  const [token, setToken] = useState<string>();
  const [isOpened, setOpened] = useState(false);
  const action = useAction();
  const canWrite = useScope('tokens:write');
  if (!canWrite || (!isEmpty && created === undefined)) return null;
  return (
    <section class="card first-run" aria-labelledby="first-run-title">
      <header class="card__head">
        <div class="card__titles">
          <h2 id="first-run-title">Count your first session</h2>
          <p class="card__hint">Three steps, all on this page.</p>
        </div>
      </header>
      <ol class="steps">
        <li data-done={created !== undefined || undefined}>
          <h3>Create a token configuration</h3>
          {created === undefined ? (
            <Form
              class="first-run__form"
              onSubmit={() => void action.run(async () => setCreated(await createConfiguration(name)))}
            >
              <TextField label="Name" value={name} onInput={setName} maxLength={128} />
              <button type="submit" class="button button--primary" disabled={action.isPending}>
                Create configuration
              </button>
            </Form>
          ) : (
            <PublicKey publicKey={created.publicKey} fileName={created.id} />
          )}
        </li>
        {created && (
          <li data-done={token !== undefined || undefined}>
            <h3>Generate a Web Access Token</h3>
            {token === undefined ? (
              <button
                type="button"
                class="button button--primary"
                disabled={action.isPending}
                onClick={() => void action.run(async () => setToken(await generateToken(created)))}
              >
                Generate token
              </button>
            ) : (
              <>
                <Code>{token}</Code>
                <CopyButton text={token} label="Copy token" />
              </>
            )}
          </li>
        )}
        {token !== undefined && (
          <li data-done={isOpened || undefined}>
            <h3>Open it</h3>
            <p>Your application does this for each viewer. watmeter counts one session.</p>
            <button
              type="button"
              class="button button--primary"
              disabled={action.isPending}
              onClick={() =>
                void action.run(async () => {
                  await openToken(token);
                  setOpened(true);
                })
              }
            >
              {isOpened ? 'Open it again' : 'Open the token once'}
            </button>
            <p role="status">
              {isOpened && 'Counted. The session appears in the numbers below within a second.'}
            </p>
          </li>
        )}
      </ol>
      <p class="form-field__fault first-run__fault" role="alert">
        {action.fault}
      </p>
    </section>
  );
}
