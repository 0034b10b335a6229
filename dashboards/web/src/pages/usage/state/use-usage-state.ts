import { useEffect, useMemo } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { rememberZone } from '../../../lib/zones.ts';
import { type Change, readState, type UsageState, writeState } from './state.ts';

/** Returns the state in the URL and a function that changes it. The back button undoes a change. */
export function useUsageState(): readonly [UsageState, (change: Change) => void] {
  const { url, path, route } = useLocation();
  const search = url.includes('?') ? url.slice(url.indexOf('?')).replace(/#.*/, '') : '';
  const state = useMemo(() => readState(search), [search]);
  useEffect(() => {
    rememberZone(state.timeZone);
    // An address without parameters gets them, so that it can be shared as it is.
    const complete = writeState(state);
    if (complete !== search) route(`${path}${complete}${location.hash}`, true);
  }, [search]);
  return [state, (change) => route(`${path}${writeState({ ...state, ...change })}`)];
}
