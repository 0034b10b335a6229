import { useState } from 'preact/hooks';
import { DialogFoot } from '../../components/forms/dialog-foot.tsx';
import { Form, TextField } from '../../components/forms/form.tsx';
import { KeyDialog } from '../../components/forms/key-dialog.tsx';
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
      <KeyDialog
        title={`Public key of “${visibleName(created.name)}”`}
        publicKey={created.publicKey}
        fileName={created.id}
        onClose={onClose}
      />
    );
  return (
    <Dialog title="New token configuration" onClose={onClose}>
      <Form onSubmit={() => void action.run(async () => setCreated(await createConfiguration(name)))}>
        <TextField label="Name" value={name} onInput={setName} fault={action.fault} maxLength={128} />
        <DialogFoot submit="Create" isPending={action.isPending} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
