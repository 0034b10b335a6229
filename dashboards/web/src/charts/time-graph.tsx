import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type Bucket, type Granularity, isFuture } from './buckets.ts';
import { GraphTooltip } from './graph-tooltip.tsx';
import { type Palette, usePalette } from './palette.ts';
import { createGraphOptions, type GraphContext } from './time-graph-options.ts';

export interface TimeGraphProps {
  /** What the graph shows, for screen readers. */
  readonly label: string;
  /** Id of the table with the same numbers. */
  readonly detailsId: string;
  readonly buckets: readonly Bucket[];
  readonly previous: readonly Bucket[] | undefined;
  readonly granularity: Granularity;
  readonly timeZone: string;
  readonly completeThroughMs: number;
  /** Runs after a drag, with the first and the last bucket of the selection. */
  readonly onZoom: (first: Bucket, last: Bucket) => void;
  /** Receives the canvas, from which the card makes its PNG. */
  readonly canvas: RefObject<HTMLCanvasElement | null>;
}

/** The large graph: sessions by time as bars, the comparison period as a line. */
export function TimeGraph(props: TimeGraphProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const palette = usePalette();
  const [hovered, setHovered] = useState<number>();
  const context = useRef<GraphContext>(contextOf(props, palette, setHovered));
  context.current = contextOf(props, palette, setHovered);
  const { buckets, granularity, label, detailsId, canvas } = props;
  const shape = `${buckets[0]?.start} ${buckets.length} ${granularity} ${props.timeZone}`;

  useEffect(() => {
    if (!host.current) return;
    const options = createGraphOptions(context, host.current.clientWidth);
    const created = new uPlot(options, dataOf(context.current), host.current);
    plot.current = created;
    canvas.current = created.ctx.canvas;
    const observer = new ResizeObserver(() => {
      if (host.current) created.setSize({ width: host.current.clientWidth, height: created.height });
    });
    observer.observe(host.current);
    return () => {
      observer.disconnect();
      created.destroy();
      plot.current = null;
    };
  }, [shape, palette]);
  useEffect(
    () => plot.current?.setData(dataOf(context.current)),
    [buckets, props.previous, props.completeThroughMs],
  );

  const bucket = hovered === undefined ? undefined : buckets[hovered];
  return (
    <figure class="graph" aria-details={detailsId}>
      <div class="graph__canvas" ref={host} role="img" aria-label={label} />
      {bucket && hovered !== undefined && (
        <GraphTooltip
          {...props}
          bucket={bucket}
          previousBucket={props.previous?.[hovered]}
          share={(hovered + 0.5) / buckets.length}
        />
      )}
    </figure>
  );
}

function contextOf(props: TimeGraphProps, palette: Palette, onHover: (index?: number) => void): GraphContext {
  return { ...props, palette, onHover };
}

function dataOf({ buckets, previous, completeThroughMs }: GraphContext): uPlot.AlignedData {
  const instant = Math.max(completeThroughMs, Date.now());
  return [
    buckets.map((_, index) => index),
    buckets.map((bucket) => (isFuture(bucket, instant) ? null : bucket.sessions)),
    buckets.map((_, index) => previous?.[index]?.sessions ?? null),
  ];
}
