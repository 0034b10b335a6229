import { connection } from '../../../data/connection.ts';
import { liveTick } from '../../../data/live.ts';
import { now } from '../../../lib/now.ts';
import { formatCount } from '../../../lib/number.ts';
import { formatAgo, formatNear, formatTime } from '../../../lib/time.ts';

const BEHIND_MS = 60_000;

interface FreshnessProps {
  /** The instant through which the shown numbers are complete. Null before the first session, undefined while loading. */
  readonly completeThrough: string | null | undefined;
  readonly timeZone: string;
}

/** The status line: whether the numbers update, and up to which instant they are complete. */
export function Freshness({ completeThrough, timeZone }: FreshnessProps) {
  const instant = completeThrough ? Date.parse(completeThrough) : undefined;
  const state = stateOf(completeThrough, instant);
  const minute = liveTick.value?.lastMinute ?? 0;
  return (
    <p class="freshness" data-state={state.kind}>
      <span class="freshness__dot" />
      <span class="freshness__state">{state.text}</span>
      {minute > 0 && <span class="freshness__rate">{formatCount(minute)} in the last minute</span>}
      <span
        class="freshness__through"
        title={instant === undefined ? 'No session yet' : formatTime(instant, timeZone, 'exact')}
      >
        Complete through {instant === undefined ? '–' : formatNear(instant, now.value, timeZone)}
      </span>
    </p>
  );
}

function stateOf(completeThrough: string | null | undefined, instant: number | undefined) {
  const { value } = connection;
  if (value.kind === 'retrying') {
    const seconds = Math.ceil((value.retryAt - Date.now()) / 1000);
    const wait = now.value && seconds > 0 ? ` in ${seconds} s` : '';
    return { kind: 'retrying', text: `${value.reason}, retrying${wait}` };
  }
  if (completeThrough === undefined) return { kind: 'connecting', text: 'Loading' };
  if (instant !== undefined && now.value - instant > BEHIND_MS)
    return { kind: 'behind', text: `Behind: complete up to ${formatAgo(instant, now.value, 'long')}` };
  return { kind: 'live', text: 'Live' };
}
