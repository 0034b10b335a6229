import { useState } from 'preact/hooks';
import { usePageTitle } from '../../app/page-title.ts';
import { Card } from '../../components/card.tsx';
import { Name } from '../../components/name.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { ShowMore } from '../../components/show-more.tsx';
import { Empty, QueryView, SkeletonRows } from '../../components/states.tsx';
import { chooseZone } from '../../lib/zones.ts';
import { CreateTokenDialog } from './create-token-dialog.tsx';
import { TokenStatus } from './token-status.tsx';
import { type ApiToken, useApiTokens } from './use-access.ts';

const ROWS = 50;

/** The page that lists all API tokens. Each row links to the page of its API token. */
export function ApiTokensPage() {
  const [wanted, setWanted] = useState(ROWS);
  const [isCreating, setCreating] = useState(false);
  const tokens = useApiTokens(wanted);
  usePageTitle('API tokens');
  return (
    <>
      <div class="page__head">
        <h1>API tokens</h1>
        <button type="button" class="button button--primary" onClick={() => setCreating(true)}>
          New API token
        </button>
      </div>
      <Card id="api-tokens" title="Credentials of people and programs" hint="Newest first" class="list">
        <QueryView query={tokens} skeleton={<SkeletonRows count={8} />}>
          {({ items, nextCursor }) =>
            items.length === 0 ? (
              <Empty>
                <h3>No API tokens yet</h3>
                <p>An API token gives a person or a program access to the API and to this dashboard.</p>
              </Empty>
            ) : (
              <>
                <TokenTable items={items} />
                {nextCursor !== null && <ShowMore onClick={() => setWanted(wanted + ROWS)} />}
              </>
            )
          }
        </QueryView>
      </Card>
      {isCreating && (
        <CreateTokenDialog
          onClose={() => {
            setCreating(false);
            tokens.reload();
          }}
        />
      )}
    </>
  );
}

function TokenTable({ items }: { readonly items: readonly ApiToken[] }) {
  const timeZone = chooseZone(null);
  return (
    <table class="ranking" aria-label="API tokens">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">State</th>
          <th scope="col" class="scopes">
            Scopes
          </th>
          <th scope="col" class="seen">
            Organisation
          </th>
          <th scope="col" class="seen">
            Last used
          </th>
          <th scope="col" class="seen">
            Expires
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ id, name, status, scopes, organisationId, lastUsedAt, expiresAt }) => (
          <tr key={id}>
            <th scope="row">
              <span class="row__name">
                <a class="pick" href={`/api-tokens/${id}`} title={name}>
                  <Name>{name}</Name>
                </a>
              </span>
            </th>
            <td>
              <TokenStatus status={status} />
            </td>
            <td class="scopes">
              <Scopes scopes={scopes} />
            </td>
            <td class="seen">{organisationId ?? 'all'}</td>
            <td class="seen">
              <RelativeTime instant={lastUsedAt} timeZone={timeZone} />
            </td>
            <td class="seen">{expiresAt === null ? 'never' : expiresAt.slice(0, 10)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const SHOWN = 3;

function Scopes({ scopes }: { readonly scopes: readonly string[] }) {
  return (
    <span class="tag-list" title={scopes.join(', ')}>
      {scopes.slice(0, SHOWN).map((scope) => (
        <span key={scope} class="badge">
          {scope}
        </span>
      ))}
      {scopes.length > SHOWN && <span class="muted">+{scopes.length - SHOWN}</span>}
    </span>
  );
}
