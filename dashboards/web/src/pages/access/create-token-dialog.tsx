import { useContext, useState } from 'preact/hooks';
import { SessionContext } from '../../app/session-context.ts';
import { DialogFoot } from '../../components/forms/dialog-foot.tsx';
import { Form, SelectField, TextField } from '../../components/forms/form.tsx';
import { useAction } from '../../components/forms/use-action.ts';
import { Dialog } from '../../components/overlays/dialog.tsx';
import { visibleName } from '../../lib/names.ts';
import { SecretDialog } from './secret-dialog.tsx';
import { createApiToken, type NewApiToken, useOrganisations } from './use-access.ts';

type Scope = NewApiToken['scopes'][number];
type Expiry = NewApiToken['expiresIn'];

const SCOPES: readonly (readonly [Scope, string])[] = [
  ['usage:read', 'see usage and sessions'],
  ['tokens:read', 'see configurations, test tokens'],
  ['tokens:write', 'create and change configurations and tokens'],
  ['tokens:request', 'request and revoke tokens from a back end'],
  ['ops', 'see operations'],
  ['ops:write', 'retire, repair, replay and import'],
  ['admin', 'manage API tokens and organisations'],
];
const EXPIRIES: readonly (readonly [Expiry, string])[] = [
  ['30d', '30 days'],
  ['60d', '60 days'],
  ['90d', '90 days'],
  ['1y', '1 year'],
  ['never', 'Never'],
];
const DEFAULT_ORGANISATION = 'default';
const ALL = '';
const MOST_ORGANISATIONS = 1000;

/** The dialog that creates an API token with scopes, a lifetime and an organisation, and shows its secret once. */
export function CreateTokenDialog({ onClose }: { readonly onClose: () => void }) {
  const own = useContext(SessionContext).scopes;
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['usage:read']);
  const [expiresIn, setExpiresIn] = useState<Expiry>('90d');
  const [organisationId, setOrganisationId] = useState(DEFAULT_ORGANISATION);
  const [secret, setSecret] = useState<string>();
  const organisations = useOrganisations(MOST_ORGANISATIONS).data.value?.items ?? [];
  const action = useAction();
  if (secret !== undefined)
    return <SecretDialog title={`Secret of “${visibleName(name)}”`} secret={secret} onClose={onClose} />;

  async function create(): Promise<void> {
    if (scopes.length === 0) throw new Error('Choose at least one scope.');
    const [only] = organisations;
    const chosen = organisations.length === 1 && only ? only.id : organisationId;
    const body = { name, scopes: [...scopes], expiresIn, organisationId: chosen === ALL ? null : chosen };
    setSecret((await createApiToken(body)).secret);
  }

  return (
    <Dialog title="New API token" onClose={onClose}>
      <Form onSubmit={() => void action.run(create)}>
        <TextField label="Name" value={name} onInput={setName} maxLength={128} />
        <ScopeChoice
          options={SCOPES.filter(([scope]) => own.includes(scope))}
          value={scopes}
          onChange={setScopes}
        />
        <div class="form-columns">
          <SelectField
            label="Each secret expires after"
            options={EXPIRIES}
            value={expiresIn}
            onChange={(value) => setExpiresIn(value as Expiry)}
          />
          {organisations.length > 1 && (
            <SelectField
              label="Organisation"
              options={[
                ...organisations.map((item) => [item.id, visibleName(item.name)] as const),
                [ALL, 'All organisations'],
              ]}
              value={organisationId}
              onChange={setOrganisationId}
            />
          )}
        </div>
        <p class="form-field__fault" role="alert">
          {action.fault}
        </p>
        <DialogFoot submit="Create" isPending={action.isPending} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

interface ScopeChoiceProps {
  readonly options: readonly (readonly [Scope, string])[];
  readonly value: readonly Scope[];
  readonly onChange: (scopes: readonly Scope[]) => void;
}

function ScopeChoice({ options, value, onChange }: ScopeChoiceProps) {
  return (
    <fieldset class="checks">
      <legend>Scopes</legend>
      {options.map(([scope, meaning]) => (
        <label key={scope} class="check">
          <input
            type="checkbox"
            checked={value.includes(scope)}
            onChange={({ currentTarget: { checked } }) =>
              onChange(checked ? [...value, scope] : value.filter((other) => other !== scope))
            }
          />
          <code>{scope}</code>
          <span class="muted">{meaning}</span>
        </label>
      ))}
    </fieldset>
  );
}
