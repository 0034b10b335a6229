import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { usePageTitle } from '../../app/page-title.ts';
import { Card } from '../../components/card.tsx';
import { Form, TextArea } from '../../components/forms/form.tsx';
import { useAction } from '../../components/forms/use-action.ts';
import { announce } from '../../lib/announce.ts';
import { ConfigurationChooser } from './configuration-chooser.tsx';
import { CreatedToken } from './created-token.tsx';
import { takeDraft } from './draft.ts';
import { fullPayload, shortPayload } from './example-payload.ts';
import { type Generation, generateToken } from './token-calls.ts';

const textOf = (payload: object) => JSON.stringify(payload, null, 2);

/** The page that creates a token from a configuration, its public key and edited claims. */
export function NewTokenPage() {
  const { query, route } = useLocation();
  const [draft] = useState(takeDraft);
  const configurationId = draft?.configurationId ?? query['configurationId'] ?? '';
  const [id, setId] = useState(configurationId);
  const [publicKey, setPublicKey] = useState('');
  const [payload, setPayload] = useState(() => textOf(draft?.payload ?? shortPayload()));
  const [generation, setGeneration] = useState<Generation>();
  const action = useAction();
  usePageTitle('Create token');

  async function generate(): Promise<void> {
    setGeneration(undefined);
    if (id === '') throw new Error('Choose a configuration.');
    const next = await generateToken(id, publicKey, parsePayload(payload));
    setGeneration(next);
    announce(next.token === undefined ? 'The claims were rejected.' : 'The token was created.');
  }

  return (
    <>
      <div class="page__head">
        <h1>Create token</h1>
      </div>
      <div class="lists">
        <Card
          id="claims"
          title="New Web Access Token"
          hint="The public key creates it, watmeter does not store it"
        >
          <Form class="form card__text" onSubmit={() => void action.run(generate)}>
            <div class="form-field">
              <span class="form-field__label">Configuration</span>
              <ConfigurationChooser
                id={id}
                onChoose={(next) => {
                  setId(next);
                  route(`/tokens/new?configurationId=${next}`, true);
                }}
              />
            </div>
            <TextArea
              label="Public key"
              hint="The .pub file of the configuration. The key is shown once, when it is created or rotated."
              placeholder="-----BEGIN PUBLIC KEY-----"
              rows={4}
              value={publicKey}
              onInput={setPublicKey}
            />
            <TextArea label="Claims" rows={14} value={payload} onInput={setPayload} />
            <div class="button-row">
              <button
                type="button"
                class="button button--small"
                onClick={() => setPayload(textOf(shortPayload()))}
              >
                Short example
              </button>
              <button
                type="button"
                class="button button--small"
                onClick={() => setPayload(textOf(fullPayload()))}
              >
                Example of all claims
              </button>
            </div>
            <p class="form-field__fault" role="alert">
              {action.fault}
            </p>
            <button type="submit" class="button button--primary" disabled={action.isPending}>
              {action.isPending ? 'Creating …' : 'Create token'}
            </button>
          </Form>
        </Card>
        <CreatedToken generation={generation} />
      </div>
    </>
  );
}

function parsePayload(text: string): object {
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch (error) {
    throw new Error(`The claims are not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    throw new Error('The claims must be a JSON object.');
  return payload;
}
