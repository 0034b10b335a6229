import type { RefObject } from 'preact';
import uPlot from 'uplot';
import { formatCompact } from '../lib/number.ts';
import { drawMarks } from './graph-marks.ts';
import type { Palette } from './palette.ts';
import { ticksOf } from './ticks.ts';
import type { TimeGraphProps } from './time-graph.tsx';

/** What the graph draws, and where it reports the pointer. */
export interface GraphContext extends Omit<TimeGraphProps, 'label' | 'detailsId' | 'canvas'> {
  readonly palette: Palette;
  readonly onHover: (index?: number) => void;
}

const HEIGHT = 280;
const MOST_BARS = 400;
const LABEL_WIDTH = 72;

/** Returns the options of the graph. Functions in them read the context at the time of drawing. */
export function createGraphOptions(context: RefObject<GraphContext>, width: number): uPlot.Options {
  const { palette, buckets } = read(context);
  const hasBars = buckets.length <= MOST_BARS;
  return {
    width,
    height: HEIGHT,
    padding: [22, 8, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, range: () => [-0.5, read(context).buckets.length - 0.5] },
      y: { range: (_plot, _min, max) => [0, Math.max(4, (max ?? 0) * 1.08)] },
    },
    axes: createAxes(context),
    series: [
      {},
      {
        stroke: hasBars ? palette.bar : palette.accent,
        fill: hasBars ? palette.bar : `color-mix(in srgb, ${palette.bar} 35%, transparent)`,
        width: hasBars ? 0 : 1.5,
        points: { show: false },
        ...(hasBars && uPlot.paths.bars && { paths: uPlot.paths.bars({ size: [0.78, 48], radius: 0.12 }) }),
      },
      {
        stroke: palette.muted,
        width: 1.5,
        dash: [4, 4],
        points: { show: false },
      },
    ],
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    hooks: {
      draw: [(plot) => drawMarks(plot, read(context))],
      setCursor: [({ cursor }) => read(context).onHover(cursor.idx ?? undefined)],
      setSelect: [(plot) => zoom(plot, read(context))],
    },
  };
}

function createAxes(context: RefObject<GraphContext>): uPlot.Axis[] {
  const { palette } = read(context);
  const common = { stroke: palette.muted, font: `12px ${palette.sans}` };
  const ticks = (plot: uPlot) => {
    const { buckets, granularity, timeZone } = read(context);
    return ticksOf(buckets, granularity, timeZone, Math.max(2, plot.width / LABEL_WIDTH));
  };
  return [
    {
      ...common,
      grid: { show: false },
      ticks: { stroke: palette.line, width: 1, size: 5 },
      size: 34,
      splits: (plot) => ticks(plot).map(({ index }) => index),
      values: (plot, splits) => {
        const labels = new Map(ticks(plot).map(({ index, label }) => [index, label]));
        return splits.map((index) => labels.get(index) ?? '');
      },
    },
    {
      ...common,
      grid: { stroke: palette.line, width: 1 },
      ticks: { show: false },
      size: 48,
      space: 52,
      incrs: [1, 2, 5, 10, 20, 50]
        .flatMap((step) => [1, 100, 1e4, 1e6, 1e8].map((scale) => step * scale))
        .toSorted((a, b) => a - b),
      values: (_plot, splits) => splits.map(formatCompact),
    },
  ];
}

function zoom(plot: uPlot, { buckets, onZoom }: GraphContext): void {
  const { left, width } = plot.select;
  if (width < 8) return;
  const indexAt = (x: number) => Math.min(buckets.length - 1, Math.max(0, Math.round(plot.posToVal(x, 'x'))));
  const [first, last] = [buckets[indexAt(left)], buckets[indexAt(left + width)]];
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  if (first && last) onZoom(first, last);
}

function read(context: RefObject<GraphContext>): GraphContext {
  if (!context.current) throw new Error('the graph is not shown');
  return context.current;
}
