import { DialogFoot } from '../../components/forms/dialog-foot.tsx';
import { Form } from '../../components/forms/form.tsx';
import { useAction } from '../../components/forms/use-action.ts';
import { Name } from '../../components/name.tsx';
import { Dialog } from '../../components/overlays/dialog.tsx';
import { type Configuration, deleteConfiguration } from './use-configurations.ts';

interface DeleteDialogProps {
  readonly configuration: Configuration;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Deletes a configuration after a confirmation. */
export function DeleteDialog({ configuration, onClose, onDeleted }: DeleteDialogProps) {
  const action = useAction();
  async function remove(): Promise<void> {
    await deleteConfiguration(configuration.id);
    onDeleted();
  }
  return (
    <Dialog title="Delete configuration" onClose={onClose}>
      <Form onSubmit={() => void action.run(remove)}>
        <p>
          Tokens of <Name>{configuration.name}</Name> stop working at once, and this cannot be undone. Its
          usage stays in all reports. Open sessions continue.
        </p>
        <p class="form-field__fault" role="alert">
          {action.fault}
        </p>
        <DialogFoot submit="Delete" isPending={action.isPending} isDangerous onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
