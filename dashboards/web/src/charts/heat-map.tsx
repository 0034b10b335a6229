import { scaleQuantize } from 'd3-scale';
import { useState } from 'preact/hooks';
import { LOCALE } from '../lib/locale.ts';
import { formatSessions } from '../lib/number.ts';

export interface HeatMapRow {
  /** 1 is Monday. */
  readonly weekday: number;
  readonly hours: readonly number[];
}

const LEVELS = [1, 2, 3, 4, 5, 6] as const;
const weekdayNames = new Intl.DateTimeFormat(LOCALE, { weekday: 'short', timeZone: 'UTC' });

/** Returns the short name of a weekday. 1 is Monday, 7 is Sunday. */
export function weekdayName(weekday: number): string {
  return weekdayNames.format(Date.UTC(2024, 0, weekday));
}

/** Returns an hour of the day as a range, such as "14:00 – 15:00". */
export function hourRange(hour: number): string {
  return `${pad(hour)}:00 – ${pad((hour + 1) % 24)}:00`;
}

/** Returns the shade of a cell: 0 if its value is 0, otherwise 1 to 6 relative to the largest value. */
export function shadeOf(value: number, largest: number): number {
  return value === 0 ? 0 : scaleQuantize<number>([0, Math.max(1, largest)], LEVELS)(value);
}

interface HeatMapProps {
  readonly label: string;
  readonly detailsId: string;
  readonly rows: readonly HeatMapRow[];
}

/** Shows the sessions by weekday and hour. A darker cell has more sessions. */
export function HeatMap({ label, detailsId, rows }: HeatMapProps) {
  const [text, setText] = useState('');
  const largest = Math.max(0, ...rows.flatMap(({ hours }) => hours));
  return (
    <figure class="heat-map" aria-details={detailsId}>
      <div class="heat-map__grid" role="img" aria-label={label} onPointerLeave={() => setText('')}>
        {rows.map(({ weekday, hours }) => (
          <div class="heat-map__row" key={weekday}>
            <span class="heat-map__day">{weekdayName(weekday)}</span>
            {hours.map((sessions, hour) => (
              <span
                key={hour}
                class="heat-map__cell"
                data-shade={shadeOf(sessions, largest)}
                onPointerEnter={() =>
                  setText(`${weekdayName(weekday)}, ${hourRange(hour)}: ${formatSessions(sessions)}`)
                }
              />
            ))}
          </div>
        ))}
        <div class="heat-map__row heat-map__hours">
          <span />
          {Array.from({ length: 24 }, (_, hour) => (
            <span key={hour}>{hour % 3 === 0 ? pad(hour) : ''}</span>
          ))}
        </div>
      </div>
      <figcaption class="heat-map__legend">
        <span class="heat-map__text">{text || 'Point at a cell for its number.'}</span>
        <span aria-hidden="true">
          fewer{' '}
          {[0, ...LEVELS].map((shade) => (
            <i key={shade} class="heat-map__cell" data-shade={shade} />
          ))}{' '}
          more
        </span>
      </figcaption>
    </figure>
  );
}

function pad(hour: number): string {
  return String(hour).padStart(2, '0');
}
