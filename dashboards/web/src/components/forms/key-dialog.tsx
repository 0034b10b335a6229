import { Dialog } from '../overlays/dialog.tsx';
import { PublicKey } from './public-key.tsx';

interface KeyDialogProps {
  readonly title: string;
  readonly publicKey: string;
  /** Name of the file without its extension. */
  readonly fileName: string;
  readonly onClose: () => void;
}

/** Shows a new public key, which the server does not show again. */
export function KeyDialog({ title, publicKey, fileName, onClose }: KeyDialogProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <PublicKey publicKey={publicKey} fileName={fileName} />
      <div class="dialog__foot">
        <button type="button" class="button button--primary" onClick={onClose}>
          I have stored the key
        </button>
      </div>
    </Dialog>
  );
}
