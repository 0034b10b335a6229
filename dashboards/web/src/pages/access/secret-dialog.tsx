import { CopyButton } from '../../components/forms/copy-button.tsx';
import { Dialog } from '../../components/overlays/dialog.tsx';
import { Code } from '../../components/states.tsx';

interface SecretDialogProps {
  readonly title: string;
  readonly secret: string;
  readonly onClose: () => void;
}

/** Shows the secret of an API token and an example call with it. The server does not return the secret again. */
export function SecretDialog({ title, secret, onClose }: SecretDialogProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="public-key">
        <p class="public-key__warning">
          Store this secret like a password now: watmeter does not show it again.
        </p>
        <Code>{secret}</Code>
        <CopyButton text={secret} label="Copy secret" />
        <h3>First call</h3>
        <Code>{`curl -H 'authorization: Bearer SECRET' ${location.origin}/api/v1/usage/summary`}</Code>
      </div>
      <div class="dialog__foot">
        <button type="button" class="button button--primary" onClick={onClose}>
          I have stored the secret
        </button>
      </div>
    </Dialog>
  );
}
