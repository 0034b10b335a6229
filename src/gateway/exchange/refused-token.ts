import type { ErrorDefinition } from '../../platform/errors/define-errors.ts';
import { AppError } from '../../platform/errors/errors.ts';
import type { ConfigurationRef, OpeningRefusal } from '../../tokens/opening/token-opener.ts';
import { gatewayErrors } from '../declarations/errors.ts';

export type RefusalReason = OpeningRefusal | 'not-yet-valid' | 'expired' | 'revoked';

/** What the client learns of each reason that comes after the opening. */
const errorOfRefusal: Readonly<Partial<Record<RefusalReason, ErrorDefinition>>> = {
  'not-yet-valid': gatewayErrors.token_not_yet_valid,
  expired: gatewayErrors.token_expired,
  revoked: gatewayErrors.token_revoked,
};

/** A refused token. The code is what the client learns; the reason and the configuration are for those who operate. */
export class RefusedToken extends AppError {
  readonly reason: RefusalReason;
  /** The configuration that it names, where it is one of ours. */
  readonly of: ConfigurationRef | undefined;

  constructor(reason: RefusalReason, of?: ConfigurationRef) {
    super(errorOfRefusal[reason] ?? gatewayErrors.token_invalid);
    this.reason = reason;
    this.of = of;
  }
}
