import { Code } from '../states.tsx';
import { CopyButton } from './copy-button.tsx';

interface PublicKeyProps {
  readonly publicKey: string;
  /** Name of the file without its extension. */
  readonly fileName: string;
}

/** A public key that the server shows only once, with buttons that copy and download it. */
export function PublicKey({ publicKey, fileName }: PublicKeyProps) {
  return (
    <div class="public-key">
      <p class="public-key__warning">
        This key creates tokens. Store it like a password now: watmeter does not show it again.
      </p>
      <Code>{publicKey}</Code>
      <div class="button-row">
        <CopyButton text={publicKey} label="Copy key" />
        <a
          class="button button--link"
          href={`data:application/x-pem-file,${encodeURIComponent(publicKey)}`}
          download={`${fileName}.pub`}
        >
          Download .pub
        </a>
      </div>
    </div>
  );
}
