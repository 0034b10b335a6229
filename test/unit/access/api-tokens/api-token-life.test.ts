import { describe, expect, it } from 'vitest';
import {
  type ApiToken,
  expiryChoices,
  expiryOf,
  statusAt,
} from '../../../../src/access/api-tokens/api-token-life.ts';

const fresh: ApiToken = {
  id: 'a',
  name: 'A',
  scopes: ['ops'],
  organisationId: undefined,
  configurationIds: undefined,
  expiresIn: '1d',
  createdAtMs: 0,
  generatedAtMs: undefined,
  activatedAtMs: undefined,
  expiresAtMs: undefined,
  lastUsedAtMs: undefined,
  revokedAtMs: undefined,
};
const generated = { ...fresh, generatedAtMs: 10, expiresAtMs: 1000 };

describe('statusAt', () => {
  it.each([
    ['not_generated', fresh, 5],
    ['generated_inactive', generated, 999],
    ['generated_active', { ...generated, activatedAtMs: 20 }, 999],
    ['generated_active', { ...generated, activatedAtMs: 20, expiresAtMs: undefined }, 1e15],
    // The status is `expired` from the millisecond `expiresAtMs` on. Authentication has the same limit.
    ['expired', generated, 1000],
    ['expired', { ...generated, activatedAtMs: 20 }, 1000],
    ['revoked', { ...generated, revokedAtMs: 30 }, 1000],
    ['revoked', { ...fresh, revokedAtMs: 30 }, 40],
  ] as const)(
    'derives the status %s from the timestamps of the token and the current time',
    (status, token, nowMs) => {
      expect(statusAt(token, nowMs)).toBe(status);
    },
  );
});

it('expiryOf adds 1, 7, 30, 60, 90 or 365 days of 24 hours, or returns undefined for a secret that never expires', () => {
  const days = expiryChoices
    .map((choice) => (expiryOf(choice, 7) ?? Number.NaN) - 7)
    .map((ms) => ms / 86_400_000);
  expect(days).toEqual([1, 7, 30, 60, 90, 365, Number.NaN]);
});
