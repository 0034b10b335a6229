import { notRetained } from '../query/refusals.ts';
import type { UsageStore } from '../query/usage-store.ts';
import type { TimeWindow } from '../time/time-windows.ts';

/**
 * Returns the part of a window whose single sessions are stored.
 * @throws AppError `not_retained` if there is none, because the retention dropped all months of the window.
 */
export async function retainedWindow(
  { retainedFromMs }: Pick<UsageStore, 'retainedFromMs'>,
  window: TimeWindow,
): Promise<TimeWindow> {
  const fromMs = await retainedFromMs();
  if (window.startMs >= fromMs || window.startMs >= window.endMs) return window;
  if (window.endMs <= fromMs) throw notRetained();
  return { startMs: fromMs, endMs: window.endMs };
}
