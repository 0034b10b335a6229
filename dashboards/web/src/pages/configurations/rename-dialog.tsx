import { useState } from 'preact/hooks';
import { DialogFoot } from '../../components/forms/dialog-foot.tsx';
import { Form, TextField } from '../../components/forms/form.tsx';
import { useAction } from '../../components/forms/use-action.ts';
import { Dialog } from '../../components/overlays/dialog.tsx';
import { type Configuration, updateConfiguration } from './use-configurations.ts';

interface RenameDialogProps {
  readonly configuration: Configuration;
  readonly onClose: () => void;
}

/** Changes the name of a configuration. */
export function RenameDialog({ configuration, onClose }: RenameDialogProps) {
  const [name, setName] = useState(configuration.name);
  const action = useAction();
  async function save(): Promise<void> {
    await updateConfiguration(configuration.id, { name });
    onClose();
  }
  return (
    <Dialog title="Rename configuration" onClose={onClose}>
      <Form onSubmit={() => void action.run(save)}>
        <TextField label="Name" value={name} onInput={setName} fault={action.fault} maxLength={128} />
        <DialogFoot submit="Save" isPending={action.isPending} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
