/**
 * Called at each step of a path at which tests kill the process. Random kills miss narrow windows; a planted one hits
 * them at once. In production it does nothing.
 */
export type Failpoint<Name extends string = string> = (name: Name) => void;

export const noFailpoints: Failpoint = () => {};

/**
 * A failpoint that kills this process with SIGKILL at the nth passage of one step.
 * @param spec `name` or `name:n`, n counted from 1.
 */
export function createKillingFailpoint(spec: string): Failpoint {
  const [target, nth = '1'] = spec.split(':');
  let left = Number(nth);
  return (name) => {
    if (name !== target) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
}

/** Returns the failpoint that the setting DANGEROUS_FAILPOINT plants; without it, one that does nothing. */
export function failpointOf({ dangerousFailpoint }: { dangerousFailpoint: string | undefined }): Failpoint {
  return dangerousFailpoint === undefined ? noFailpoints : createKillingFailpoint(dangerousFailpoint);
}
