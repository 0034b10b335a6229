import type uPlot from 'uplot';
import { type Bucket, clockChanges, isUnfinished, positionOf } from './buckets.ts';
import type { GraphContext } from './time-graph-options.ts';

/** Draws what uPlot does not know: unfinished buckets, the line of `completeThrough`, and clock changes. */
export function drawMarks(plot: uPlot, context: GraphContext): void {
  const { ctx } = plot;
  ctx.save();
  ctx.setLineDash([]);
  hatchUnfinished(plot, context);
  drawCompleteThrough(plot, context);
  drawClockChanges(plot, context);
  ctx.restore();
}

function hatchUnfinished(plot: uPlot, { buckets, completeThroughMs, palette }: GraphContext): void {
  const index = buckets.findIndex((bucket) => isUnfinished(bucket, completeThroughMs));
  const bucket = buckets[index];
  if (!bucket || bucket.sessions === 0) return;
  const { ctx } = plot;
  const { left, right, top, bottom } = barOf(plot, index, bucket);
  ctx.beginPath();
  ctx.rect(left, top, right - left, bottom - top);
  ctx.save();
  ctx.clip();
  ctx.strokeStyle = palette.surface;
  ctx.lineWidth = 2.5 * devicePixelRatio;
  ctx.beginPath();
  const gap = 7 * devicePixelRatio;
  for (let x = left - (bottom - top); x < right; x += gap) {
    ctx.moveTo(x, bottom);
    ctx.lineTo(x + (bottom - top), top);
  }
  ctx.stroke();
  ctx.restore();
}

function barOf(plot: uPlot, index: number, bucket: Bucket) {
  const center = plot.valToPos(index, 'x', true);
  const slot = plot.valToPos(index + 1, 'x', true) - center;
  const half = Math.min(slot * 0.78, 48 * devicePixelRatio) / 2;
  const top = plot.valToPos(bucket.sessions, 'y', true);
  return { left: center - half, right: center + half, top, bottom: plot.valToPos(0, 'y', true) };
}

function drawCompleteThrough(plot: uPlot, { buckets, completeThroughMs, palette }: GraphContext): void {
  const position = positionOf(buckets, completeThroughMs);
  if (position === undefined) return;
  const { ctx, bbox } = plot;
  const x = plot.valToPos(position, 'x', true);
  ctx.strokeStyle = palette.needle;
  ctx.fillStyle = palette.needle;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top - 6 * devicePixelRatio);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.font = `${11 * devicePixelRatio}px ${palette.sans}`;
  const isRight = x > bbox.left + bbox.width / 2;
  ctx.textAlign = isRight ? 'right' : 'left';
  ctx.textBaseline = 'bottom';
  ctx.fillText(
    'complete through here',
    x + (isRight ? -5 : 5) * devicePixelRatio,
    bbox.top - 4 * devicePixelRatio,
  );
}

function drawClockChanges(plot: uPlot, { buckets, granularity, palette }: GraphContext): void {
  const { ctx, bbox } = plot;
  ctx.fillStyle = palette.muted;
  const size = 5 * devicePixelRatio;
  for (const { index } of clockChanges(buckets, granularity)) {
    const x = plot.valToPos(index, 'x', true);
    const y = bbox.top + bbox.height + size + 2;
    ctx.beginPath();
    ctx.moveTo(x, y - size);
    ctx.lineTo(x + size, y + size * 0.6);
    ctx.lineTo(x - size, y + size * 0.6);
    ctx.fill();
  }
}
