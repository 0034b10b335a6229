import type { Change, UsageState } from '../state/state.ts';
import { CompareFilter } from './compare-filter.tsx';
import { ConfigurationFilter } from './configuration-filter.tsx';
import { RangeFilter } from './range-filter.tsx';
import { TagFilter } from './tag-filter.tsx';
import { ZoneFilter } from './zone-filter.tsx';

interface FilterBarProps {
  readonly state: UsageState;
  readonly onChange: (change: Change) => void;
}

/** The controls that select what the page shows. */
export function FilterBar(props: FilterBarProps) {
  return (
    <fieldset class="filter-bar">
      <legend class="visually-hidden">Filters</legend>
      <RangeFilter {...props} />
      <CompareFilter {...props} />
      <ConfigurationFilter {...props} />
      <TagFilter {...props} />
      <ZoneFilter {...props} />
    </fieldset>
  );
}
