import { useEffect } from 'preact/hooks';
import { useRoute } from 'preact-iso/router';
import { usePageTitle } from '../../app/page-title.ts';
import { useScope } from '../../app/session-context.ts';
import { Icon } from '../../components/icons.tsx';
import { Name } from '../../components/name.tsx';
import { QueryView, SkeletonRows } from '../../components/states.tsx';
import { followLive } from '../../data/live.ts';
import { visibleName } from '../../lib/names.ts';
import { ConfigurationActions } from './configuration-actions.tsx';
import { State } from './configuration-table.tsx';
import { KeysCard } from './keys-card.tsx';
import { UsageWindow } from './usage-window.tsx';
import { useConfiguration, useKeys } from './use-configurations.ts';

/** The page of one configuration: its usage, its keys, and what can be done with it. */
export function ConfigurationPage() {
  const { id = '' } = useRoute().params;
  const configuration = useConfiguration(id);
  const keys = useKeys(id);
  const canWrite = useScope('tokens:write');
  const canReadUsage = useScope('usage:read');
  const name = configuration.data.value?.name;
  usePageTitle(name === undefined ? 'Configuration' : visibleName(name));
  useEffect(() => (canReadUsage ? followLive([id]) : undefined), [id, canReadUsage]);
  return (
    <>
      <a class="back" href="/configurations">
        <Icon name="back" /> Configurations
      </a>
      <QueryView query={configuration} skeleton={<SkeletonRows count={3} />}>
        {(data) => (
          <>
            <div class="page__head">
              <h1>
                <Name>{data.name}</Name>
              </h1>
              <State isEnabled={data.enabled} />
            </div>
            <UsageWindow id={id} />
            {canWrite && (
              <ConfigurationActions
                configuration={data}
                onChanged={() => {
                  configuration.reload();
                  keys.reload();
                }}
              />
            )}
            <KeysCard configuration={data} keys={keys} />
          </>
        )}
      </QueryView>
    </>
  );
}
