import { useState } from 'preact/hooks';
import { useRoute } from 'preact-iso/router';
import { usePageTitle } from '../../app/page-title.ts';
import { Card } from '../../components/card.tsx';
import { Fact } from '../../components/fact.tsx';
import { Icon } from '../../components/icons.tsx';
import { Name } from '../../components/name.tsx';
import { ConfirmDialog } from '../../components/overlays/confirm-dialog.tsx';
import { QueryView, SkeletonRows } from '../../components/states.tsx';
import { visibleName } from '../../lib/names.ts';
import { formatTime } from '../../lib/time.ts';
import { chooseZone } from '../../lib/zones.ts';
import { ActivityCard } from './activity-card.tsx';
import { ActorName } from './actor-name.tsx';
import { SecretDialog } from './secret-dialog.tsx';
import { isChangeable, TokenStatus } from './token-status.tsx';
import { type ApiToken, generateSecret, revokeApiToken, useApiToken, useAudit } from './use-access.ts';

/** The page of one API token: its creator, scopes and log, and the buttons that replace its secret or revoke it. */
export function ApiTokenPage() {
  const { id = '' } = useRoute().params;
  const token = useApiToken(id);
  const name = token.data.value?.name;
  usePageTitle(name === undefined ? 'API token' : visibleName(name));
  return (
    <>
      <a class="back" href="/api-tokens">
        <Icon name="back" /> API tokens
      </a>
      <QueryView query={token} skeleton={<SkeletonRows count={3} />}>
        {(data) => (
          <>
            <div class="page__head">
              <h1>
                <Name>{data.name}</Name>
              </h1>
              <TokenStatus status={data.status} />
            </div>
            {isChangeable(data.status) && <TokenActions token={data} onChanged={token.reload} />}
            <FactsCard token={data} />
            <ActivityCard id={id} status={data.status} />
          </>
        )}
      </QueryView>
    </>
  );
}

function FactsCard({ token }: { readonly token: ApiToken }) {
  const timeZone = chooseZone(null);
  const creation = useAudit({ target: token.id, action: 'api-token.create' }, 1).data.value;
  const [entry] = creation?.items ?? [];
  const exact = (instant: string | null, otherwise: string) =>
    instant === null ? otherwise : formatTime(Date.parse(instant), timeZone, 'exact');
  return (
    <Card id="facts" title="API token" hint={<code>{token.id}</code>}>
      <dl class="facts card__text">
        <Fact term="Created by">
          {creation && (entry ? <ActorName actor={entry.actor} /> : 'not in the audit log')}
        </Fact>
        <Fact term="Created">{exact(token.createdAt, '')}</Fact>
        <Fact term="Scopes">{token.scopes.join(', ')}</Fact>
        <Fact term="Organisation">{token.organisationId ?? 'all organisations'}</Fact>
        {token.configurationIds && <Fact term="Configurations">{token.configurationIds.join(', ')}</Fact>}
        <Fact term="Expires">{exact(token.expiresAt, 'never')}</Fact>
        <Fact term="Last used">{exact(token.lastUsedAt, 'never')}</Fact>
      </dl>
    </Card>
  );
}

interface TokenActionsProps {
  readonly token: ApiToken;
  readonly onChanged: () => void;
}

function TokenActions({ token, onChanged }: TokenActionsProps) {
  const [dialog, setDialog] = useState<'generate' | 'revoke'>();
  const [secret, setSecret] = useState<string>();
  const close = () => {
    setDialog(undefined);
    setSecret(undefined);
    onChanged();
  };
  return (
    <div class="actions">
      <div class="button-row">
        <button type="button" class="button" onClick={() => setDialog('generate')}>
          New secret
        </button>
        <button type="button" class="button button--danger" onClick={() => setDialog('revoke')}>
          Revoke
        </button>
      </div>
      {secret !== undefined && (
        <SecretDialog title={`Secret of “${visibleName(token.name)}”`} secret={secret} onClose={close} />
      )}
      {dialog === 'generate' && (
        <ConfirmDialog
          title="New secret"
          submit="Create a new secret"
          action={async () => {
            setSecret(await generateSecret(token.id));
            setDialog(undefined);
          }}
          onClose={close}
        >
          <p>The old secret stops at once. Programs that use it get 401 until they have the new one.</p>
        </ConfirmDialog>
      )}
      {dialog === 'revoke' && (
        <ConfirmDialog
          title="Revoke API token"
          submit="Revoke"
          isDangerous
          action={async () => {
            await revokeApiToken(token.id);
            close();
          }}
          onClose={close}
        >
          <p>
            <Name>{token.name}</Name> stops at once, also on dashboards that are signed in with it. This
            cannot be undone.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
