import { useState } from 'preact/hooks';
import { usePageTitle } from '../../app/page-title.ts';
import { useScope } from '../../app/session-context.ts';
import { Card } from '../../components/card.tsx';
import { ShowMore } from '../../components/show-more.tsx';
import { Empty, QueryView, SkeletonRows } from '../../components/states.tsx';
import { ConfigurationTable } from './configuration-table.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { useConfigurations } from './use-configurations.ts';

const ROWS = 50;

/** The page of all token configurations. */
export function ConfigurationsPage() {
  const [wanted, setWanted] = useState(ROWS);
  const [isCreating, setCreating] = useState(false);
  const configurations = useConfigurations(wanted);
  const canWrite = useScope('tokens:write');
  usePageTitle('Configurations');
  return (
    <>
      <div class="page__head">
        <h1>Configurations</h1>
        {canWrite && (
          <button type="button" class="button button--primary" onClick={() => setCreating(true)}>
            New configuration
          </button>
        )}
      </div>
      <Card id="configurations" title="Token configurations" hint="Newest first" class="list">
        <QueryView query={configurations} skeleton={<SkeletonRows count={10} />}>
          {({ items, nextCursor }) =>
            items.length === 0 ? (
              <Empty>
                <h3>No token configurations yet</h3>
                <p>A configuration is a named key pair. Its public key creates Web Access Tokens.</p>
              </Empty>
            ) : (
              <>
                <ConfigurationTable items={items} />
                {nextCursor !== null && <ShowMore onClick={() => setWanted(wanted + ROWS)} />}
              </>
            )
          }
        </QueryView>
      </Card>
      {isCreating && (
        <CreateDialog
          onClose={() => {
            setCreating(false);
            configurations.reload();
          }}
        />
      )}
    </>
  );
}
