import { useState } from 'preact/hooks';
import { DialogFoot } from '../../components/forms/dialog-foot.tsx';
import { Form } from '../../components/forms/form.tsx';
import { KeyDialog } from '../../components/forms/key-dialog.tsx';
import { useAction } from '../../components/forms/use-action.ts';
import { Dialog } from '../../components/overlays/dialog.tsx';
import { serverNow } from '../../lib/clock.ts';
import { type Configuration, rotateKey } from './use-configurations.ts';

const HOUR_MS = 3_600_000;
const graces = [
  ['Stop accepting at once', 0],
  ['Accept for 1 hour', 1],
  ['Accept for 1 day', 24],
  ['Accept for 7 days', 168],
  ['Accept for 30 days', 720],
] as const;

interface RotateDialogProps {
  readonly configuration: Configuration;
  readonly onClose: () => void;
}

/** Gives a configuration a new key, and shows the public key once. */
export function RotateDialog({ configuration, onClose }: RotateDialogProps) {
  const [hours, setHours] = useState(24);
  const [publicKey, setPublicKey] = useState<string>();
  const action = useAction();
  async function rotate(): Promise<void> {
    const acceptOldUntil = new Date(serverNow() + hours * HOUR_MS).toISOString();
    setPublicKey((await rotateKey(configuration.id, acceptOldUntil)).publicKey);
  }
  if (publicKey !== undefined)
    return (
      <KeyDialog title="New public key" publicKey={publicKey} fileName={configuration.id} onClose={onClose} />
    );
  return (
    <Dialog title="Rotate key" onClose={onClose}>
      <Form onSubmit={() => void action.run(rotate)}>
        <p>The configuration gets a new key and keeps its id. Tokens of the old key:</p>
        <label class="select">
          <span class="visually-hidden">Tokens of the old key</span>
          <select value={hours} onChange={(event) => setHours(Number(event.currentTarget.value))}>
            {graces.map(([label, value]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <p class="form-field__fault" role="alert">
          {action.fault}
        </p>
        <DialogFoot submit="Create a new key" isPending={action.isPending} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
