import { notRetained } from '../query/refusals.ts';
import type { UsageStore } from '../query/usage-store.ts';
import type { TimeWindow } from '../time/time-windows.ts';

/**
 * Returns the part of a window for which all single sessions are stored.
 * @throws AppError `not_retained` if this part is empty, because the retention dropped the months of the window.
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
