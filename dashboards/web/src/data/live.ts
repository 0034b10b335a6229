import { type ReadonlySignal, signal } from '@preact/signals';

/** Time after which a stream without events counts as failed. The server sends one event a second. */
const SILENT_MS = 5000;
const TICK_MS = 1000;
/** Reload interval without new sessions: `completeThrough` advances also then. */
const IDLE_TICKS = 5;

export interface LiveTick {
  readonly lastSecond: number;
  readonly lastMinute: number;
}

const pulses = signal(0);
const lastTick = signal<LiveTick | undefined>(undefined);

/** Changes when cards with live numbers must reload. */
export const pulse: ReadonlySignal<number> = pulses;
/** The latest event of the stream. Undefined while the page polls instead. */
export const liveTick: ReadonlySignal<LiveTick | undefined> = lastTick;

/**
 * Follows the stream of live usage until the returned function runs. While the stream is not available, it causes
 * one reload a second, so the numbers stay live.
 */
export function followLive(configurationIds: readonly string[]): () => void {
  let source: EventSource | undefined;
  let eventAt = Number.NEGATIVE_INFINITY;
  let ticks = 0;

  function open(): void {
    source?.close();
    const params = new URLSearchParams(configurationIds.map((id) => ['configurationId', id]));
    source = new EventSource(`/api/v1/usage/live?${params}`);
    source.addEventListener('usage', (event) => {
      eventAt = performance.now();
      const tick = JSON.parse(event.data) as LiveTick;
      lastTick.value = tick;
      if (tick.lastSecond > 0) pulses.value += 1;
    });
  }

  const timer = setInterval(() => {
    if (document.hidden) return;
    ticks += 1;
    const isSilent = performance.now() - eventAt > SILENT_MS;
    if (isSilent) lastTick.value = undefined;
    if (isSilent || ticks % IDLE_TICKS === 0) pulses.value += 1;
    // The browser gives up after an error status, for example while the session limit is reached.
    if (source?.readyState === EventSource.CLOSED && ticks % 30 === 0) open();
  }, TICK_MS);
  function followVisibility(): void {
    if (document.hidden) source?.close();
    else open();
  }
  document.addEventListener('visibilitychange', followVisibility);
  if (!document.hidden) open();

  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', followVisibility);
    source?.close();
    lastTick.value = undefined;
  };
}
