import { useState } from 'preact/hooks';
import { Form, TextField } from '../../components/forms/form.tsx';
import { PublicKey } from '../../components/forms/public-key.tsx';
import { useAction } from '../../components/forms/use-action.ts';
import { Dialog } from '../../components/overlays/dialog.tsx';
import { visibleName } from '../../lib/names.ts';
import { createConfiguration } from './use-configurations.ts';

interface CreateDialogProps {
  readonly onClose: () => void;
}

interface Created {
  readonly id: string;
  readonly name: string;
  readonly publicKey: string;
}

/** Creates a configuration, and shows its public key once. */
export function CreateDialog({ onClose }: CreateDialogProps) {
  const [name, setName] = useState('');
  const [created, setCreated] = useState<Created>();
  const action = useAction();
  if (created)
    return (
      <Dialog title={`Public key of “${visibleName(created.name)}”`} onClose={onClose}>
        <PublicKey publicKey={created.publicKey} fileName={created.id} />
        <div class="dialog__foot">
          <button type="button" class="button button--primary" onClick={onClose}>
            I have stored the key
          </button>
        </div>
      </Dialog>
    );
  return (
    <Dialog title="New token configuration" onClose={onClose}>
      <Form onSubmit={() => void action.run(async () => setCreated(await createConfiguration(name)))}>
        <TextField label="Name" value={name} onInput={setName} fault={action.fault} maxLength={128} />
        <div class="dialog__foot">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button button--primary" disabled={action.isPending}>
            Create
          </button>
        </div>
      </Form>
    </Dialog>
  );
}
