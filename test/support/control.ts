import { type ControlConfig, openControlServices } from '../../src/app/parts/control.ts';
import type { Clock } from '../../src/platform/clock.ts';

export type Control = Awaited<ReturnType<typeof openControl>>;

/** Opens a control store like each process does, and returns the services of its domains under short names. */
export async function openControl(config: ControlConfig, clock: Clock) {
  const { control: store, tokens, access, ...others } = await openControlServices(config, clock);
  return { store, ...others, ...tokens, ...access };
}
