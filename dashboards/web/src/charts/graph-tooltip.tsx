import { useLayoutEffect, useRef } from 'preact/hooks';
import { formatCount, formatSessions } from '../lib/number.ts';
import { type Bucket, bucketTitle, clockChanges, type Granularity, isUnfinished } from './buckets.ts';

interface GraphTooltipProps {
  readonly bucket: Bucket;
  readonly previousBucket: Bucket | undefined;
  readonly granularity: Granularity;
  readonly timeZone: string;
  readonly completeThroughMs: number;
  /** Position of the bucket in the graph, from 0 to 1. */
  readonly share: number;
}

/** The numbers of the bucket under the pointer. */
export function GraphTooltip(props: GraphTooltipProps) {
  const { bucket, previousBucket, granularity, timeZone, completeThroughMs, share } = props;
  const element = useRef<HTMLDivElement>(null);
  const [change] = clockChanges([bucket], granularity);
  useLayoutEffect(() => {
    element.current?.style.setProperty('--share', String(share));
  }, [share]);
  return (
    <div class="graph__tooltip" ref={element} data-side={share > 0.5 ? 'left' : 'right'} aria-hidden="true">
      <strong>{bucketTitle(bucket, granularity, timeZone)}</strong>
      <span>{formatSessions(bucket.sessions)}</span>
      {previousBucket && (
        <span class="graph__previous">
          {formatCount(previousBucket.sessions)} on {bucketTitle(previousBucket, granularity, timeZone)}
        </span>
      )}
      {isUnfinished(bucket, completeThroughMs) && <span class="graph__previous">not finished yet</span>}
      {change && (
        <span class="graph__previous">
          clocks change here: {Math.abs(change.hours)} h {change.hours > 0 ? 'longer' : 'shorter'}
        </span>
      )}
    </div>
  );
}
