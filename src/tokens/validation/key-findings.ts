import type { Finding } from './findings.ts';

/** Returns a warning if a rotation has replaced the token's key, and the key is accepted only until a date. */
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
