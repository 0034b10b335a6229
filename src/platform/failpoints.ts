/**
 * A function that the code calls at each step at which tests can kill the process. Random kills rarely hit narrow windows;
 * a failpoint hits them every time. In production it does nothing.
 */
export type Failpoint<Name extends string = string> = (name: Name) => void;

export const noFailpoints: Failpoint = () => {};

/**
 * Returns a failpoint that kills this process with SIGKILL when one step is reached for the nth time.
 * @param spec `name` or `name:n`, where n starts at 1, which is the default.
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

/** Returns the failpoint of the setting DANGEROUS_FAILPOINT, or one that does nothing if it is not set. */
export function failpointOf({ dangerousFailpoint }: { dangerousFailpoint: string | undefined }): Failpoint {
  return dangerousFailpoint === undefined ? noFailpoints : createKillingFailpoint(dangerousFailpoint);
}
