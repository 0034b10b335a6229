import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { usePageTitle } from '../../app/page-title.ts';
import { useScope } from '../../app/session-context.ts';
import { Card } from '../../components/card.tsx';
import { Form, TextArea } from '../../components/forms/form.tsx';
import { useAction } from '../../components/forms/use-action.ts';
import { Code, Empty } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { announce } from '../../lib/announce.ts';
import { keepDraft } from './draft.ts';
import { Findings } from './findings.tsx';
import { type TokenTest, testToken } from './token-calls.ts';

/** The page that decrypts a token and shows its errors. The URL never contains the token. */
export function TestTokenPage() {
  const [text, setText] = useState('');
  const [test, setTest] = useState<TokenTest>();
  const action = useAction();
  usePageTitle('Test token');

  async function check(): Promise<void> {
    const next = await testToken(tokenIn(text));
    setTest(next);
    announce(next.valid ? 'The token is valid.' : 'The token is not valid.');
  }

  return (
    <>
      <div class="page__head">
        <h1>Test token</h1>
      </div>
      <div class="lists">
        <Card id="paste" title="Token to test" hint="A test does not count a session">
          <Form class="form card__text" onSubmit={() => void action.run(check)}>
            <TextArea
              label="Token or link"
              isLabelHidden
              placeholder="eyJhbGciOi… or https://…/wat/eyJhbGciOi…"
              rows={10}
              value={text}
              onInput={setText}
            />
            <p class="form-field__fault" role="alert">
              {action.fault}
            </p>
            <button type="submit" class="button button--primary" disabled={action.isPending}>
              {action.isPending ? 'Testing …' : 'Test'}
            </button>
          </Form>
        </Card>
        <TestResult test={test} />
      </div>
    </>
  );
}

function TestResult({ test }: { readonly test: TokenTest | undefined }) {
  const { route } = useLocation();
  const canWrite = useScope('tokens:write');
  if (test === undefined)
    return (
      <Card id="result" title="Result" hint="Not tested yet">
        <Empty>
          <p>
            The result has three levels: the form of each claim, their logic, and the data that they name.
          </p>
        </Empty>
      </Card>
    );
  const { valid, header, payload, findings } = test;
  const { kid } = Object(header) as { kid?: unknown };
  const configurationId = typeof kid === 'string' ? kid : '';
  return (
    <Card
      id="result"
      title="Result"
      actions={<Status kind={valid ? 'good' : 'bad'}>{valid ? 'valid' : 'not valid'}</Status>}
    >
      <div class="card__text created">
        <Findings findings={findings} />
        {payload && (
          <>
            <h3>Claims</h3>
            <Code>{JSON.stringify(payload, null, 2)}</Code>
          </>
        )}
        {header && (
          <>
            <h3>Header</h3>
            <Code>{JSON.stringify(header, null, 2)}</Code>
          </>
        )}
        {payload && canWrite && (
          <button
            type="button"
            class="button"
            onClick={() => {
              keepDraft({ configurationId, payload });
              route('/tokens/new');
            }}
          >
            Edit and create again
          </button>
        )}
      </div>
    </Card>
  );
}

/** Extracts the token from a pasted text, which can be a token or a link. */
function tokenIn(text: string): string {
  const pasted = text.trim();
  return /\/wat\/([^/?#]+)/.exec(pasted)?.[1] ?? pasted.replace(/\s+/g, '');
}
