/** Source of the current time. Pure functions have an instant as a parameter instead. */
export interface Clock {
  /** Returns the current time in milliseconds since the epoch (UTC). */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };
