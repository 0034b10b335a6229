import { useState } from 'preact/hooks';
import { Icon } from '../../../components/icons.tsx';
import { Popover } from '../../../components/overlays/popover.tsx';
import { serverNow } from '../../../lib/clock.ts';
import { presets } from '../../../lib/ranges.ts';
import { localDate } from '../../../lib/time.ts';
import { rangeLabel } from '../state/range-text.ts';
import type { Change, Range, UsageState } from '../state/state.ts';

interface RangeFilterProps {
  readonly state: UsageState;
  readonly onChange: (change: Change) => void;
}

const DAY_MS = 86_400_000;

/** Chooses the range: a preset, or two dates. */
export function RangeFilter({ state, onChange }: RangeFilterProps) {
  return (
    <Popover
      label="Range"
      button={
        <>
          <Icon name="calendar" /> <span class="visually-hidden">Range: </span>
          {rangeLabel(state)}
        </>
      }
    >
      {(close) => {
        const choose = (range: Range) => {
          onChange({ range, granularity: undefined });
          close();
        };
        return (
          <>
            <ul class="choices">
              {presets.map((preset) => (
                <li key={preset.range}>
                  <button
                    type="button"
                    class="menu__item"
                    aria-pressed={'preset' in state.range && state.range.preset === preset.range}
                    onClick={() => choose({ preset: preset.range })}
                  >
                    {preset.label} <kbd>{preset.key.toUpperCase()}</kbd>
                  </button>
                </li>
              ))}
            </ul>
            <CustomRange state={state} onChoose={choose} />
          </>
        );
      }}
    </Popover>
  );
}

interface CustomRangeProps {
  readonly state: UsageState;
  readonly onChoose: (range: Range) => void;
}

function CustomRange({ state, onChoose }: CustomRangeProps) {
  const initial = datesOf(state);
  const [first, setFirst] = useState(initial.first);
  const [last, setLast] = useState(initial.last);
  const isValid = first !== '' && last !== '' && first <= last;
  return (
    <form
      class="custom-range"
      onSubmit={(event) => {
        event.preventDefault();
        // Readers choose the last day, which belongs to the range. The API takes the day after it.
        if (isValid) onChoose({ from: first, to: shift(last, 1) });
      }}
    >
      <label>
        First day
        <input
          class="field"
          type="date"
          required
          value={first}
          max={last}
          onInput={(event) => setFirst(event.currentTarget.value)}
        />
      </label>
      <label>
        Last day
        <input
          class="field"
          type="date"
          required
          value={last}
          min={first}
          onInput={(event) => setLast(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button" disabled={!isValid}>
        Show these days
      </button>
    </form>
  );
}

function datesOf({ range, timeZone }: UsageState) {
  if ('from' in range)
    return {
      first: range.from.slice(0, 10),
      last: shift(range.to.slice(0, 10), range.to.length > 10 ? 0 : -1),
    };
  const today = localDate(serverNow(), timeZone);
  return { first: shift(today, -6), last: today };
}

function shift(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
}
