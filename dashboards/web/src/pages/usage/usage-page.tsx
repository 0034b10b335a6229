import { useEffect } from 'preact/hooks';
import { usePageTitle } from '../../app/page-title.ts';
import { followLive } from '../../data/live.ts';
import { FirstRun } from '../first-run/first-run.tsx';
import { Freshness } from './cards/freshness.tsx';
import { GraphCard } from './cards/graph-card.tsx';
import { HeatMapCard } from './cards/heat-map-card.tsx';
import { Tiles } from './cards/tiles.tsx';
import { useHeatMap, useSeries, useSummary } from './cards/use-usage-data.ts';
import { Chips } from './filters/chips.tsx';
import { FilterBar } from './filters/filter-bar.tsx';
import { NoConfigurations, NoTags } from './lists/empty-states.tsx';
import { ListCard } from './lists/list-card.tsx';
import type { RankedItem } from './lists/use-lists.ts';
import { useRangeKeys } from './state/keys.ts';
import { rememberName } from './state/known-names.ts';
import { isFiltered, type UsageState } from './state/state.ts';
import { toggled } from './state/toggle.ts';
import { useUsageState } from './state/use-usage-state.ts';

/** The usage page: where sessions come from, when, and how that changes. */
export function UsagePage() {
  const [state, change] = useUsageState();
  const summary = useSummary(state);
  const series = useSeries(state);
  const heatMap = useHeatMap(state);
  usePageTitle('Usage');
  useRangeKeys(state, change);
  useEffect(() => followLive(state.configurationIds), [state.configurationIds.join()]);

  return (
    <>
      <div class="page__head">
        <h1>Usage</h1>
        <Freshness completeThrough={summary.data.value?.completeThrough} timeZone={state.timeZone} />
      </div>
      <FilterBar state={state} onChange={change} />
      <Chips state={state} onChange={change} />
      <FirstRun isEmpty={!isFiltered(state) && summary.data.value?.total === 0} />
      <Tiles state={state} summary={summary} series={series} heatMap={heatMap} />
      <GraphCard state={state} series={series} onChange={change} />
      <div class="lists">
        <ListCard
          state={state}
          kind="configurations"
          title="Token configurations"
          nameHeading="Configuration"
          hint="Select one to see its tags."
          empty={<NoConfigurations state={state} onClear={() => change({ tags: [], untagged: false })} />}
          isSelected={({ id }) => id !== null && state.configurationIds.includes(id)}
          onPick={(item) => {
            if (item.id === null) return;
            rememberName(item.id, item.name ?? item.id);
            change({ configurationIds: toggled(state.configurationIds, item.id) });
          }}
          onChange={change}
        />
        <ListCard
          state={state}
          kind="tags"
          title="Tracking tags"
          nameHeading="Tag"
          hint="Select one to see the configurations that use it."
          empty={<NoTags state={state} onClear={() => change({ configurationIds: [] })} />}
          isSelected={({ id }) => isTagSelected(state, id)}
          onPick={({ id }) => change(pickTag(state, id))}
          onChange={change}
        />
      </div>
      <HeatMapCard state={state} heatMap={heatMap} />
    </>
  );
}

function isTagSelected({ tags, untagged }: UsageState, tag: RankedItem['id']): boolean {
  return tag === null ? untagged : tags.includes(tag);
}

function pickTag(state: UsageState, tag: RankedItem['id']) {
  if (tag === null) return { tags: [], untagged: !state.untagged };
  return { tags: toggled(state.tags, tag), untagged: false };
}
