/**
 * Steps of the delivery path at which tests kill the process (docs/explanation/delivery.md). Random kills miss narrow
 * windows; a planted one hits them at once.
 */
export const failpointNames = [
  'append.before',
  'append.committed',
  'insert.before',
  'insert.after',
  'dead-letter.after',
  'hint.before',
] as const;

/** The same where Kafka is between, and partitions are taken. */
export const clusterFailpointNames = ['relay.sent', 'take.written', 'take.waited'] as const;

/** The same in the commands that mend what is stored. */
export const commandFailpointNames = ['replay.stored', 'repair.removed', 'repair.filled'] as const;

export type FailpointName =
  | (typeof failpointNames)[number]
  | (typeof clusterFailpointNames)[number]
  | (typeof commandFailpointNames)[number];

/** Called at each step. In production it does nothing. */
export type Failpoint = (name: FailpointName) => void;

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
