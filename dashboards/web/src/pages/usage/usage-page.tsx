import { useEffect } from 'preact/hooks';
import { usePageTitle } from '../../app/page-title.ts';
import { followLive } from '../../data/live.ts';
import { FirstRun } from '../first-run/first-run.tsx';
import { Chips } from './chips.tsx';
import { NoConfigurations, NoTags } from './empty-states.tsx';
import { FilterBar } from './filter-bar.tsx';
import { Freshness } from './freshness.tsx';
import { GraphCard } from './graph-card.tsx';
import { HeatMapCard } from './heat-map-card.tsx';
import { useRangeKeys } from './keys.ts';
import { rememberName } from './known-names.ts';
import { ListCard } from './list-card.tsx';
import { isFiltered, type UsageState } from './state.ts';
import { Tiles } from './tiles.tsx';
import { toggled } from './toggle.ts';
import type { RankedItem } from './use-lists.ts';
import { useHeatMap, useSeries, useSummary } from './use-usage-data.ts';
import { useUsageState } from './use-usage-state.ts';

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
