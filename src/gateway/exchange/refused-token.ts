import type { ErrorDefinition } from '../../platform/errors/define-errors.ts';
import { AppError } from '../../platform/errors/errors.ts';
import type { ConfigurationRef, OpeningRefusal } from '../../tokens/opening/token-opener.ts';
import { gatewayErrors } from '../declarations/errors.ts';

/**
 * Why a token is rejected. Only tokens in links are rejected for the reasons `bot`, `cross-site-frame` and
 * `resource`.
 */
export type RefusalReason =
  | OpeningRefusal
  | 'not-yet-valid'
  | 'expired'
  | 'revoked'
  | 'bot'
  | 'cross-site-frame'
  | 'resource';

/** Errors for refusals of decrypted tokens. All other reasons have the error `token_invalid`. */
const errorsByReason: Readonly<Partial<Record<RefusalReason, ErrorDefinition>>> = {
  'not-yet-valid': gatewayErrors.token_not_yet_valid,
  expired: gatewayErrors.token_expired,
  revoked: gatewayErrors.token_revoked,
  'cross-site-frame': gatewayErrors.cross_site_frame,
  resource: gatewayErrors.resource_not_granted,
};

/**
 * A rejected token. The client receives only the error code. The reason and the configuration are for the operator.
 */
export class RefusedToken extends AppError {
  readonly reason: RefusalReason;
  /** The configuration whose id is the token's `kid`. Undefined if there is none. */
  readonly configuration: ConfigurationRef | undefined;

  constructor(reason: RefusalReason, configuration?: ConfigurationRef) {
    super(errorsByReason[reason] ?? gatewayErrors.token_invalid);
    this.reason = reason;
    this.configuration = configuration;
  }
}
