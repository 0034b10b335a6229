import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { useAction } from '../../components/forms/use-action.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { RotateDialog } from './rotate-dialog.tsx';
import { type Configuration, updateConfiguration } from './use-configurations.ts';

interface ConfigurationActionsProps {
  readonly configuration: Configuration;
  readonly onChanged: () => void;
}

/** The buttons that change a configuration. */
export function ConfigurationActions({ configuration, onChanged }: ConfigurationActionsProps) {
  const [dialog, setDialog] = useState<'rename' | 'rotate' | 'delete'>();
  const { route } = useLocation();
  const action = useAction();
  const { id, enabled } = configuration;
  const close = () => {
    setDialog(undefined);
    onChanged();
  };
  const toggle = () =>
    action.run(async () => {
      await updateConfiguration(id, { enabled: !enabled });
      onChanged();
    });
  return (
    <div class="actions">
      <div class="button-row">
        <a class="button button--link" href={`/tokens/new?configurationId=${id}`}>
          Create token
        </a>
        <button type="button" class="button" disabled={action.isPending} onClick={() => void toggle()}>
          {enabled ? 'Disable' : 'Enable'}
        </button>
        <button type="button" class="button" onClick={() => setDialog('rename')}>
          Rename
        </button>
        <button type="button" class="button" onClick={() => setDialog('rotate')}>
          Rotate key
        </button>
        <button type="button" class="button button--danger" onClick={() => setDialog('delete')}>
          Delete
        </button>
      </div>
      <p class="form-field__fault" role="alert">
        {action.fault}
      </p>
      {dialog === 'rename' && <RenameDialog configuration={configuration} onClose={close} />}
      {dialog === 'rotate' && <RotateDialog configuration={configuration} onClose={close} />}
      {dialog === 'delete' && (
        <DeleteDialog
          configuration={configuration}
          onClose={() => setDialog(undefined)}
          onDeleted={() => route('/configurations')}
        />
      )}
    </div>
  );
}
