import { formatChange, formatCount } from '../lib/number.ts';

interface DeltaProps {
  readonly value: number;
  readonly previous: number | undefined;
}

/** The difference to the comparison period. Its title has both numbers. */
export function Delta({ value, previous }: DeltaProps) {
  if (previous === undefined) return null;
  const direction = value > previous ? 'up' : value < previous ? 'down' : 'same';
  const title = `${formatCount(value)} after ${formatCount(previous)} in the comparison period`;
  return (
    <span class="delta" data-direction={direction} title={title}>
      {textOf(value, previous)}
    </span>
  );
}

function textOf(value: number, previous: number): string {
  if (value === previous) return '±0%';
  if (previous === 0) return 'new';
  return formatChange(value, previous);
}
