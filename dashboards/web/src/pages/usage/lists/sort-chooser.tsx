import { compareOf } from '../state/parameters.ts';
import type { Change, ListSort, UsageState } from '../state/state.ts';

const sorts: readonly (readonly [ListSort, string])[] = [
  ['-sessions', 'Most sessions'],
  ['-change', 'Grew most'],
  ['change', 'Fell most'],
  ['-lastUsed', 'Last used'],
  ['-total', 'Most in total'],
  ['name', 'Name'],
];

interface SortChooserProps {
  readonly title: string;
  readonly state: UsageState;
  readonly onChange: (change: Change) => void;
}

/** Chooses the order of both lists. Orders by change need a comparison period. */
export function SortChooser({ title, state, onChange }: SortChooserProps) {
  const hasCompare = 'compare' in compareOf(state);
  return (
    <label class="select">
      <span class="visually-hidden">Order of {title}</span>
      <select
        value={state.sort}
        onChange={({ currentTarget }) => onChange({ sort: currentTarget.value as ListSort })}
      >
        {sorts
          .filter(([sort]) => hasCompare || !sort.endsWith('change'))
          .map(([sort, label]) => (
            <option key={sort} value={sort}>
              {label}
            </option>
          ))}
      </select>
    </label>
  );
}
