import { useRef } from 'preact/hooks';
import { formatCount } from '../lib/number.ts';

interface LiveNumberProps {
  readonly value: number;
  /** Key of the query. A change with the same key comes from new sessions, so the number pulses. */
  readonly source: string;
  readonly class?: string;
}

/** A number that pulses when new sessions change it. */
export function LiveNumber({ value, source, class: className = '' }: LiveNumberProps) {
  const shown = useRef({ value, source, pulse: '' });
  if (shown.current.value !== value) {
    const isLive = shown.current.source === source;
    // The CSS has two names for the animation, because only a different name restarts it.
    const pulse = isLive ? (shown.current.pulse === 'a' ? 'b' : 'a') : '';
    shown.current = { value, source, pulse };
  }
  shown.current.source = source;
  return (
    <span class={`live-number ${className}`} data-pulse={shown.current.pulse || undefined}>
      {formatCount(value)}
    </span>
  );
}
