import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { bucketTitle, type Granularity } from '../../../charts/buckets.ts';
import { NumbersTable } from '../../../charts/numbers-table.tsx';
import { canvasPicture, downloadPng } from '../../../charts/png.ts';
import { TimeGraph } from '../../../charts/time-graph.tsx';
import { Card } from '../../../components/card.tsx';
import { Empty, QueryView } from '../../../components/states.tsx';
import type { Query } from '../../../data/query.ts';
import { formatCount, formatSessions } from '../../../lib/number.ts';
import { granularitiesFor, granularityOf } from '../state/parameters.ts';
import { rangeText } from '../state/range-text.ts';
import type { Change, UsageState } from '../state/state.ts';
import { CardMenu } from './card-menu.tsx';
import { type SeriesData, seriesQuery } from './use-usage-data.ts';

interface GraphCardProps {
  readonly state: UsageState;
  readonly series: Query<SeriesData>;
  readonly onChange: (change: Change) => void;
}

const granularityNames: Record<Granularity, string> = {
  quarterHour: '15 minutes',
  hour: 'hour',
  day: 'day',
  week: 'week',
  month: 'month',
  quarter: 'quarter',
  year: 'year',
};

/** The card with the large graph. A drag in the graph selects a range. */
export function GraphCard({ state, series, onChange }: GraphCardProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const title = `Sessions by ${granularityNames[granularityOf(state)]}`;
  async function savePng(): Promise<void> {
    if (canvas.current)
      await downloadPng(canvasPicture(title, rangeText(state), canvas.current), 'sessions.png');
  }
  return (
    <Card
      id="graph"
      title={title}
      hint="Drag in the graph to zoom in."
      actions={
        <>
          <GrainChooser state={state} onChange={onChange} />
          <CardMenu
            title={title}
            cardId="graph"
            path="/api/v1/usage/series"
            query={seriesQuery(state)}
            onPng={series.data.value && savePng}
          />
        </>
      }
    >
      <QueryView query={series} skeleton={<div class="graph-skeleton skeleton" />}>
        {(data) => <Graph state={state} data={data} canvas={canvas} onChange={onChange} />}
      </QueryView>
    </Card>
  );
}

interface GraphProps {
  readonly state: UsageState;
  readonly data: SeriesData;
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly onChange: (change: Change) => void;
}

function Graph({ state, data, canvas, onChange }: GraphProps) {
  const [first] = data.series;
  const granularity = data.granularity as Granularity;
  const { timeZone } = data;
  if (!first || first.buckets.length === 0) return <Empty>No session in this range.</Empty>;
  const label = `${formatSessions(first.sessions)} by ${granularityNames[granularity]}, ${rangeText(state)}`;
  return (
    <>
      <TimeGraph
        label={label}
        detailsId="graph-table"
        buckets={first.buckets}
        previous={first.previous}
        granularity={granularity}
        timeZone={timeZone}
        completeThroughMs={data.completeThrough === null ? 0 : Date.parse(data.completeThrough)}
        canvas={canvas}
        onZoom={(from, to) =>
          onChange({ range: zoomRange(granularity, from.start, to.end), granularity: undefined })
        }
      />
      <div class="graph__foot">
        <Legend hasPrevious={first.previous !== undefined} compare={state.compare} />
        <NumbersTable
          id="graph-table"
          caption={label}
          columns={['Time', 'Sessions', ...(first.previous ? ['Comparison period'] : [])]}
          rows={() =>
            first.buckets.map((bucket, index) => [
              bucketTitle(bucket, granularity, timeZone),
              formatCount(bucket.sessions),
              ...(first.previous ? [formatCount(first.previous[index]?.sessions ?? 0)] : []),
            ])
          }
        />
      </div>
    </>
  );
}

/** Returns a range of local dates, or of instants if the buckets are shorter than a day. */
function zoomRange(granularity: Granularity, start: string, end: string) {
  const isShort = granularity === 'hour' || granularity === 'quarterHour';
  return isShort ? { from: start, to: end } : { from: start.slice(0, 10), to: end.slice(0, 10) };
}

function Legend({ hasPrevious, compare }: { readonly hasPrevious: boolean; readonly compare: string }) {
  return (
    <ul class="legend" aria-label="Legend">
      <li>
        <i class="legend__bar" /> Sessions
      </li>
      <li>
        <i class="legend__bar legend__bar--hatched" /> Not finished yet
      </li>
      {hasPrevious && (
        <li>
          <i class="legend__line" /> {compare === 'previousYear' ? 'Previous year' : 'Previous period'}
        </li>
      )}
    </ul>
  );
}

function GrainChooser({ state, onChange }: Pick<GraphCardProps, 'state' | 'onChange'>) {
  return (
    <label class="select">
      <span class="visually-hidden">Granularity of the graph</span>
      <select
        value={granularityOf(state)}
        onChange={({ currentTarget }) => onChange({ granularity: currentTarget.value as Granularity })}
      >
        {granularitiesFor(state).map((granularity) => (
          <option key={granularity} value={granularity}>
            by {granularityNames[granularity]}
          </option>
        ))}
      </select>
    </label>
  );
}
