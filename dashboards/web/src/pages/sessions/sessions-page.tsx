import { useEffect, useState } from 'preact/hooks';
import { usePageTitle } from '../../app/page-title.ts';
import { Card } from '../../components/card.tsx';
import { ShowMore } from '../../components/show-more.tsx';
import { Empty, QueryView, SkeletonRows } from '../../components/states.tsx';
import { followLive } from '../../data/live.ts';
import { Freshness } from '../usage/cards/freshness.tsx';
import { Chips } from '../usage/filters/chips.tsx';
import { ConfigurationFilter } from '../usage/filters/configuration-filter.tsx';
import { RangeFilter } from '../usage/filters/range-filter.tsx';
import { TagFilter } from '../usage/filters/tag-filter.tsx';
import { ZoneFilter } from '../usage/filters/zone-filter.tsx';
import { rangeText } from '../usage/state/range-text.ts';
import { isFiltered, writeState } from '../usage/state/state.ts';
import { useUsageState } from '../usage/state/use-usage-state.ts';
import { SessionDrawer } from './session-drawer.tsx';
import { SessionTable } from './session-table.tsx';
import { type SessionItem, sessionsCsvUrl, useSessions } from './use-sessions.ts';

const ROWS = 50;

/** The page of single sessions, newest first. */
export function SessionsPage() {
  const [state, change] = useUsageState();
  const [wanted, setWanted] = useState(ROWS);
  const [opened, setOpened] = useState<SessionItem>();
  const search = writeState(state);
  const sessions = useSessions(state, wanted);
  usePageTitle('Sessions');
  useEffect(() => setWanted(ROWS), [search]);
  useEffect(() => followLive(state.configurationIds), [state.configurationIds.join()]);
  const filter = { state, onChange: change };

  return (
    <>
      <div class="page__head">
        <h1>Sessions</h1>
        <Freshness completeThrough={sessions.data.value?.completeThrough} timeZone={state.timeZone} />
      </div>
      <fieldset class="filter-bar">
        <legend class="visually-hidden">Filters</legend>
        <RangeFilter {...filter} />
        <ConfigurationFilter {...filter} />
        <TagFilter {...filter} />
        <ZoneFilter {...filter} />
      </fieldset>
      <Chips {...filter} />
      <Card
        id="sessions"
        title="Newest first"
        hint={rangeText(state)}
        class="list"
        actions={
          <a class="button button--link" href={sessionsCsvUrl(state)} download>
            Download CSV
          </a>
        }
      >
        <QueryView query={sessions} skeleton={<SkeletonRows count={12} />}>
          {({ items, nextCursor, timeZone }) =>
            items.length === 0 ? (
              <Empty>
                <h3>No session in this range</h3>
                <p>
                  {isFiltered(state)
                    ? 'Remove a filter, or choose a longer range.'
                    : 'Choose a longer range.'}
                </p>
              </Empty>
            ) : (
              <>
                <SessionTable items={items} timeZone={timeZone} onOpen={setOpened} />
                {nextCursor !== null && <ShowMore onClick={() => setWanted(wanted + ROWS)} />}
              </>
            )
          }
        </QueryView>
      </Card>
      {opened && (
        <SessionDrawer
          session={opened}
          timeZone={state.timeZone}
          onFilter={(next) => {
            setOpened(undefined);
            change(next);
          }}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  );
}
