import { Card } from '../../components/card.tsx';
import { CopyButton } from '../../components/forms/copy-button.tsx';
import { Code, Empty } from '../../components/states.tsx';
import { Findings } from './findings.tsx';
import type { Generation } from './token-calls.ts';

/** The card with the created token and its link, or with the reasons why the claims were rejected. */
export function CreatedToken({ generation }: { readonly generation: Generation | undefined }) {
  if (generation === undefined)
    return (
      <Card id="token" title="Token" hint="Not created yet">
        <Empty>
          <p>
            Anyone who has the token can open it until it expires. Tags in <code>trc</code> show where its
            sessions come from.
          </p>
        </Empty>
      </Card>
    );
  const { token, findings } = generation;
  const link = `${location.origin}/wat/${token}/`;
  return (
    <Card
      id="token"
      title="Token"
      hint={token === undefined ? 'Not created: the claims have errors' : 'Created, not opened yet'}
    >
      <div class="card__text created">
        {token !== undefined && (
          <>
            <h3>Token</h3>
            <Code>{token}</Code>
            <CopyButton text={token} label="Copy token" />
            <h3>Link</h3>
            <Code>{link}</Code>
            <p class="muted">
              Opening the link counts one session. It leads to <code>LINK_TARGET_URL</code>.
            </p>
            <CopyButton text={link} label="Copy link" />
          </>
        )}
        <Findings findings={findings} levels={['structure', 'logic']} />
      </div>
    </Card>
  );
}
