import { Popover } from '../../../components/overlays/popover.tsx';
import { canCompare } from '../state/parameters.ts';
import type { Change, Compare, UsageState } from '../state/state.ts';

interface CompareFilterProps {
  readonly state: UsageState;
  readonly onChange: (change: Change) => void;
}

const choices: readonly (readonly [Compare, string, string])[] = [
  ['previous', 'Previous period', 'The same elapsed part, with the same weekdays'],
  ['previousYear', 'Previous year', 'The same days one year earlier, with the same weekdays'],
  ['none', 'No comparison', ''],
];

/** Chooses the period to which the range is compared. */
export function CompareFilter({ state, onChange }: CompareFilterProps) {
  const isPossible = canCompare(state);
  const label = choices.find(([compare]) => compare === state.compare)?.[1];
  return (
    <Popover
      label="Comparison"
      button={isPossible && state.compare !== 'none' ? `vs. ${label?.toLowerCase()}` : 'No comparison'}
    >
      {(close) => (
        <ul class="choices">
          {choices.map(([compare, text, note]) => (
            <li key={compare}>
              <button
                type="button"
                class="menu__item"
                aria-pressed={compare === state.compare}
                disabled={!isPossible && compare !== 'none'}
                onClick={() => {
                  onChange({ compare });
                  close();
                }}
              >
                <span>
                  {text}
                  {note !== '' && <span class="menu__note">{note}</span>}
                </span>
              </button>
            </li>
          ))}
          {!isPossible && <li class="choices__note">Only a range of whole days can be compared.</li>}
        </ul>
      )}
    </Popover>
  );
}
