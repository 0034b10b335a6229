import { useEffect } from 'preact/hooks';
import { isTyping } from '../../../app/shortcuts.ts';
import { presets } from '../../../lib/ranges.ts';
import type { Change, UsageState } from './state.ts';

/** Selects ranges with one key, such as W for the last 7 days. X switches the comparison, C opens the dates. */
export function useRangeKeys(state: UsageState, onChange: (change: Change) => void): void {
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      if (event.key.toLowerCase() === 'c') openDates(event);
      else {
        const next = changeOf(event.key.toLowerCase(), state);
        if (next) onChange(next);
      }
    }
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [state, onChange]);
}

function changeOf(key: string, { compare }: UsageState): Change | undefined {
  if (key === 'x') return { compare: compare === 'none' ? 'previous' : 'none' };
  const preset = presets.find((candidate) => candidate.key === key);
  return preset && { range: { preset: preset.range }, granularity: undefined };
}

function openDates(event: KeyboardEvent): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('.filter-bar button')?.click();
  // The popover renders after the click.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.custom-range input')?.focus());
}
