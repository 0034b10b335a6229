/**
 * Marks a point at which tests can kill the process. A random kill rarely hits a short interval between two steps. A
 * failpoint hits it every time. In production it does nothing.
 */
export type Failpoint<Name extends string = string> = (name: Name) => void;

export const noFailpoints: Failpoint = () => {};

/**
 * Creates a failpoint that kills this process with SIGKILL when the named point is reached for the nth time.
 * @param spec `name` or `name:n`. `n` starts at 1, which is the default.
 */
export function createKillingFailpoint(spec: string): Failpoint {
  const [target, nth = '1'] = spec.split(':');
  let remaining = Number(nth);
  return (name) => {
    if (name !== target) return;
    remaining -= 1;
    if (remaining === 0) process.kill(process.pid, 'SIGKILL');
  };
}

/** Creates the failpoint that the setting DANGEROUS_FAILPOINT specifies. Without the setting it does nothing. */
export function failpointOf({ dangerousFailpoint }: { dangerousFailpoint: string | undefined }): Failpoint {
  return dangerousFailpoint === undefined ? noFailpoints : createKillingFailpoint(dangerousFailpoint);
}
