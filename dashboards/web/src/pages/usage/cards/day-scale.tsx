import { now } from '../../../lib/now.ts';
import { formatTime, wallClockShare } from '../../../lib/time.ts';

const HOURS = 24;
const LABELLED_HOURS = 6;

interface DayScaleProps {
  readonly timeZone: string;
  /** Start of today in the time zone. Undefined until the first answer. */
  readonly dayStart: string | undefined;
}

/**
 * The day scale: a ruler of the day in the selected time zone, with a needle at the current time. It shows local
 * clock time, so it has 24 hours even on days with 23 or 25 hours.
 */
export function DayScale({ timeZone, dayStart }: DayScaleProps) {
  const share = `${(wallClockShare(now.value, timeZone) * 100).toFixed(2)}%`;
  return (
    <div class="day-scale">
      <svg class="day-scale__ruler" aria-hidden="true">
        {Array.from({ length: HOURS + 1 }, (_, hour) => (
          <Tick key={hour} hour={hour} />
        ))}
        <rect class="day-scale__elapsed" x="0" y="13" height="3" width={share} />
        <line class="day-scale__needle" x1={share} x2={share} y1="0" y2="16" />
      </svg>
      <div class="day-scale__labels" aria-hidden="true">
        {Array.from({ length: HOURS / LABELLED_HOURS + 1 }, (_, index) => (
          <span key={index}>{`${String(index * LABELLED_HOURS).padStart(2, '0')}:00`}</span>
        ))}
      </div>
      <p class="day-scale__text">
        <span>{dayStart === undefined ? 'Today' : dayText(Date.parse(dayStart), timeZone)}</span>{' '}
        <span class="day-scale__clock">now {formatTime(now.value, timeZone, 'time')}</span>
      </p>
    </div>
  );
}

function Tick({ hour }: { readonly hour: number }) {
  const x = `${(hour / HOURS) * 100}%`;
  return <line class="day-scale__tick" x1={x} x2={x} y1={hour % LABELLED_HOURS === 0 ? 6 : 10} y2="16" />;
}

function dayText(dayStart: number, timeZone: string): string {
  const [time, day] = [formatTime(dayStart, timeZone, 'time'), formatTime(dayStart, timeZone, 'day')];
  return `Today began at ${time} on ${day}, ${timeZone}`;
}
