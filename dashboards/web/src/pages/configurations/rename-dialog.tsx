import { useState } from 'preact/hooks';
import { Dialog } from '../../components/dialog.tsx';
import { Form, TextField } from '../../components/form.tsx';
import { useAction } from '../../components/use-action.ts';
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
        <div class="dialog__foot">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button button--primary" disabled={action.isPending}>
            Save
          </button>
        </div>
      </Form>
    </Dialog>
  );
}
