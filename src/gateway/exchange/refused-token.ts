import { AppError } from '../../platform/errors/errors.ts';
import type { ConfigurationRef, OpeningRefusal } from '../../tokens/opening/token-opener.ts';

export type RefusalReason = OpeningRefusal | 'not-yet-valid' | 'expired' | 'revoked';

type RefusalCode = 'token_invalid' | 'token_not_yet_valid' | 'token_expired' | 'token_revoked';

/** What the client learns of each reason that comes after the opening. */
const codeOfRefusal: Readonly<Partial<Record<RefusalReason, RefusalCode>>> = {
  'not-yet-valid': 'token_not_yet_valid',
  expired: 'token_expired',
  revoked: 'token_revoked',
};

/** A refused token. The code is what the client learns; the reason and the configuration are for those who operate. */
export class RefusedToken extends AppError {
  readonly reason: RefusalReason;
  /** The configuration that it names, where it is one of ours. */
  readonly of: ConfigurationRef | undefined;

  constructor(reason: RefusalReason, of?: ConfigurationRef) {
    super(codeOfRefusal[reason] ?? 'token_invalid');
    this.reason = reason;
    this.of = of;
  }
}
