import type { Scope } from '../../platform/http/access-rule.ts';

/** Who makes a request: an API access token, by itself or through a dashboard that it signed in. */
export interface Principal {
  readonly tokenId: string;
  readonly tokenName: string;
  /** Undefined: all organisations. */
  readonly organisationId: string | undefined;
  readonly scopes: readonly Scope[];
  /** The configurations that it may request tokens of; undefined: all of its organisation. */
  readonly configurationIds: readonly string[] | undefined;
  readonly expiresAtMs: number | undefined;
}
