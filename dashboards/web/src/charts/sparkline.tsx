import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';

const WIDTH = 96;
const HEIGHT = 28;

interface SparklineProps {
  readonly values: readonly number[];
}

/** A small line of a series. The numbers are in the row, so screen readers skip it. */
export function Sparkline({ values }: SparklineProps) {
  const x = scaleLinear([0, Math.max(1, values.length - 1)], [1, WIDTH - 1]);
  const y = scaleLinear([0, Math.max(1, ...values)], [HEIGHT - 2, 2]);
  const points = [...values];
  const linePath = line<number>(
    (_, index) => x(index),
    (value) => y(value),
  )(points);
  const areaPath = area<number>(
    (_, index) => x(index),
    HEIGHT,
    (value) => y(value),
  )(points);
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="sparkline__area" d={areaPath ?? ''} />
      <path class="sparkline__line" d={linePath ?? ''} />
    </svg>
  );
}
