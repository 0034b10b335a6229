import type { Finding } from './findings.ts';

/** What generate and test say of a key that a rotation has given an end. */
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
      message: `is made with a key that was replaced: it is accepted until ${new Date(acceptedUntilMs).toISOString()}`,
      fix: newestKey,
    },
  ];
}

const newestKey = 'Make tokens with the newest public key of the configuration.';

export const replacedKey: Finding = {
  level: 'logic',
  path: '/token',
  severity: 'error',
  message: 'was made with a key that was replaced, and is no longer accepted',
  fix: newestKey,
};
