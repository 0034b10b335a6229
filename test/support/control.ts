import { type ControlConfig, openControlServices } from '../../src/app/parts/control.ts';
import type { Clock } from '../../src/platform/clock.ts';

export type Control = Awaited<ReturnType<typeof openControl>>;

/**
 * Opens a control store as every process does, and returns its services, such as configurations and API tokens, under
 * short names.
 */
export async function openControl(config: ControlConfig, clock: Clock) {
  const { control: store, tokens, access, ...others } = await openControlServices(config, clock);
  return { store, ...others, ...tokens, ...access };
}
