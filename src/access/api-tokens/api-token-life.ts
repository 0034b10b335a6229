import type { Scope } from '../../platform/http/routes/access-rule.ts';

/** Lifetimes that a user can choose for a secret. A lifetime starts when the secret is generated. */
export const expiryChoices = ['1d', '7d', '30d', '60d', '90d', '1y', 'never'] as const;
export type ExpiresIn = (typeof expiryChoices)[number];

export type ApiTokenStatus =
  | 'not_generated'
  | 'generated_inactive'
  | 'generated_active'
  | 'expired'
  | 'revoked';

/** An API token without its secret. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Undefined: the token is valid for all organisations. */
  readonly organisationId: string | undefined;
  /** Configurations for which this API token may request tokens. Undefined: all configurations of its organisation. */
  readonly configurationIds: readonly string[] | undefined;
  readonly expiresIn: ExpiresIn;
  readonly createdAtMs: number;
  readonly generatedAtMs: number | undefined;
  /** Time of the first use of the current secret. */
  readonly activatedAtMs: number | undefined;
  readonly expiresAtMs: number | undefined;
  readonly lastUsedAtMs: number | undefined;
  readonly revokedAtMs: number | undefined;
}

const dayMs = 86_400_000;
const daysOf: Readonly<Record<ExpiresIn, number | undefined>> = {
  '1d': 1,
  '7d': 7,
  '30d': 30,
  '60d': 60,
  '90d': 90,
  '1y': 365,
  never: undefined,
};

/** Returns when a secret generated at `generatedAtMs` expires, or undefined if it never expires. */
export function expiryOf(expiresIn: ExpiresIn, generatedAtMs: number): number | undefined {
  const days = daysOf[expiresIn];
  return days === undefined ? undefined : generatedAtMs + days * dayMs;
}

/** Returns the status of a token at an instant. In the millisecond of its expiry, a secret is already expired. */
export function statusAt(token: ApiToken, nowMs: number): ApiTokenStatus {
  if (token.revokedAtMs !== undefined) return 'revoked';
  if (token.generatedAtMs === undefined) return 'not_generated';
  if (token.expiresAtMs !== undefined && nowMs >= token.expiresAtMs) return 'expired';
  return token.activatedAtMs === undefined ? 'generated_inactive' : 'generated_active';
}
