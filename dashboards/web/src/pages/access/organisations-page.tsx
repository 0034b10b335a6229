import { useState } from 'preact/hooks';
import { usePageTitle } from '../../app/page-title.ts';
import { Card } from '../../components/card.tsx';
import { DialogFoot } from '../../components/forms/dialog-foot.tsx';
import { Form, TextField } from '../../components/forms/form.tsx';
import { useAction } from '../../components/forms/use-action.ts';
import { Name } from '../../components/name.tsx';
import { Dialog } from '../../components/overlays/dialog.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { ShowMore } from '../../components/show-more.tsx';
import { QueryView, SkeletonRows } from '../../components/states.tsx';
import { chooseZone } from '../../lib/zones.ts';
import { createOrganisation, useOrganisations } from './use-access.ts';

const ROWS = 50;

/** The page that lists the organisations to which the signed-in API token has access. */
export function OrganisationsPage() {
  const [wanted, setWanted] = useState(ROWS);
  const [isCreating, setCreating] = useState(false);
  const organisations = useOrganisations(wanted);
  const timeZone = chooseZone(null);
  usePageTitle('Organisations');
  return (
    <>
      <div class="page__head">
        <h1>Organisations</h1>
        <button type="button" class="button button--primary" onClick={() => setCreating(true)}>
          New organisation
        </button>
      </div>
      <Card
        id="organisations"
        title="Tenants"
        hint="Only the API tokens of an organisation see its configurations, tokens and sessions"
        class="list"
      >
        <QueryView query={organisations} skeleton={<SkeletonRows count={4} />}>
          {({ items, nextCursor }) => (
            <>
              <table class="ranking" aria-label="Organisations">
                <thead>
                  <tr>
                    <th scope="col">Organisation</th>
                    <th scope="col">Id</th>
                    <th scope="col" class="seen">
                      Created
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {items.map(({ id, name, createdAt }) => (
                    <tr key={id}>
                      <th scope="row">
                        <Name class="row__text">{name}</Name>
                      </th>
                      <td>
                        <code>{id}</code>
                      </td>
                      <td class="seen">
                        <RelativeTime instant={createdAt} timeZone={timeZone} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              {nextCursor !== null && <ShowMore onClick={() => setWanted(wanted + ROWS)} />}
            </>
          )}
        </QueryView>
      </Card>
      {isCreating && (
        <CreateDialog
          onClose={() => {
            setCreating(false);
            organisations.reload();
          }}
        />
      )}
    </>
  );
}

function CreateDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const action = useAction();
  async function create(): Promise<void> {
    await createOrganisation(name);
    onClose();
  }
  return (
    <Dialog title="New organisation" onClose={onClose}>
      <Form onSubmit={() => void action.run(create)}>
        <TextField label="Name" value={name} onInput={setName} fault={action.fault} maxLength={128} />
        <DialogFoot submit="Create" isPending={action.isPending} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
