/** Checks whether one part of the process works. */
export interface ReadinessCheck {
  readonly name: string;
  /** Returns the problem that the part has, or undefined if the part is ready. */
  readonly trouble: () => string | undefined;
  /** True if a problem of the part only delays processing. The process then stays ready and reports `degraded`. */
  readonly isHarmless?: true;
}
