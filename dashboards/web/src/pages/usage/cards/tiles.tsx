import { hourRange, weekdayName } from '../../../charts/heat-map.tsx';
import { Delta } from '../../../components/delta.tsx';
import { LiveNumber } from '../../../components/live-number.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { Tile } from '../../../components/tile.tsx';
import type { Query } from '../../../data/query.ts';
import { formatCount, formatSessions } from '../../../lib/number.ts';
import { formatTime } from '../../../lib/time.ts';
import { isFiltered, type UsageState, writeState } from '../state/state.ts';
import { DayScale } from './day-scale.tsx';
import { useConfigurationsInUse } from './in-use.ts';
import type { HeatMapData, SeriesData, SummaryData } from './use-usage-data.ts';

interface TilesProps {
  readonly state: UsageState;
  readonly summary: Query<SummaryData>;
  readonly series: Query<SeriesData>;
  readonly heatMap: Query<HeatMapData>;
}

/** The dark summary card: last used, sessions, configurations in use, peak hour, and the day scale. */
export function Tiles({ state, summary, series, heatMap }: TilesProps) {
  const data = summary.data.value;
  return (
    <section
      class="meter"
      aria-label={isFiltered(state) ? 'Sessions with these filters' : 'All sessions'}
      data-stale={summary.isStale.value || undefined}
    >
      <dl class="readings">
        <LastUsed state={state} data={data} />
        <Sessions state={state} data={data} series={series.data.value} />
        <InUse state={state} />
        <PeakHour data={heatMap.data.value} />
      </dl>
      <DayScale timeZone={state.timeZone} dayStart={data?.dayStart} />
    </section>
  );
}

function LastUsed({ state, data }: { readonly state: UsageState; readonly data: SummaryData | undefined }) {
  if (!data) return <Tile label="Last used" value={undefined} note="" />;
  const note =
    data.lastUsed === null
      ? 'no session yet'
      : formatTime(Date.parse(data.lastUsed), state.timeZone, 'exact');
  return (
    <Tile
      label="Last used"
      value={<RelativeTime instant={data.lastUsed} timeZone={state.timeZone} style="long" />}
      note={note}
    />
  );
}

interface SessionsProps {
  readonly state: UsageState;
  readonly data: SummaryData | undefined;
  readonly series: SeriesData | undefined;
}

function Sessions({ state, data, series }: SessionsProps) {
  const total = series?.series[0];
  const note = data && (
    <>
      <b>{formatCount(data.today)}</b> today, <b>{formatCount(data.total)}</b> in total
    </>
  );
  return (
    <Tile
      label="Sessions"
      value={
        total && (
          <>
            <LiveNumber value={total.sessions} source={writeState(state)} />{' '}
            <Delta value={total.sessions} previous={total.previousSessions} />
          </>
        )
      }
      note={note}
    />
  );
}

function InUse({ state }: { readonly state: UsageState }) {
  const data = useConfigurationsInUse(state).data.value;
  return (
    <Tile
      label="Configurations in use"
      value={
        data && (
          <>
            <LiveNumber value={data.current} source={writeState(state)} />{' '}
            <Delta value={data.current} previous={data.previous} />
          </>
        )
      }
      note="with sessions in this range"
    />
  );
}

function PeakHour({ data }: { readonly data: HeatMapData | undefined }) {
  const peak = data && peakOf(data);
  if (!data || !peak)
    return <Tile label="Peak hour" value={data && '–'} note={data && 'no session in this range'} />;
  return (
    <Tile
      label="Peak hour"
      value={`${weekdayName(peak.weekday)} ${String(peak.hour).padStart(2, '0')}:00`}
      note={`${formatSessions(peak.sessions)} at ${hourRange(peak.hour)}`}
    />
  );
}

function peakOf({ weekdays }: HeatMapData) {
  const cells = weekdays.flatMap(({ weekday, hours }) =>
    hours.map((sessions, hour) => ({ weekday, hour, sessions })),
  );
  const peak = cells.reduce((best, cell) => (cell.sessions > best.sessions ? cell : best));
  return peak.sessions > 0 ? peak : undefined;
}
