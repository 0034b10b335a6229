import type { Finding } from './findings.ts';

/** Returns the warning that a rotation has given the key of a token an end date. */
export function endingKeyFindings({
  acceptedUntilMs,
}: {
  readonly acceptedUntilMs: number | undefined;
}): Finding[] {
  if (acceptedUntilMs === undefined) return [];
  return [
    {
      level: 'logic',
      path: '/token',
      severity: 'warning',
      message: `was created with a replaced key, which is accepted until ${new Date(acceptedUntilMs).toISOString()}`,
      fix: newestKey,
    },
  ];
}

const newestKey = 'Create tokens with the newest public key of the configuration.';

export const replacedKey: Finding = {
  level: 'logic',
  path: '/token',
  severity: 'error',
  message: 'was created with a replaced key, which is no longer accepted',
  fix: newestKey,
};
