import { Type } from 'typebox';
import { documentedKeyword } from '../../platform/http/routes/documented-keyword.ts';
import { ruleKeyword } from '../../platform/http/routes/rule-keyword.ts';
import { Instant, strict } from '../../platform/http/routes/schemas.ts';
import { maxSubjectChars } from '../claims/claims.ts';
import { claimDescriptions } from '../claims/claims-openapi.ts';
import { tokenExamples } from '../declarations/examples.ts';

const maxValidityS = 86_400;
const defaultValidityS = 300;

/**
 * Schema that accepts any value. The service validates all claims of a token together, and reports errors as
 * findings.
 */
const Claim = (name: keyof typeof claimDescriptions) =>
  Type.Optional(Type.Unknown({ [documentedKeyword]: claimDescriptions[name] }));
const configurationId = tokenExamples.configurationId.value;
const token = tokenExamples.webAccessToken.value;
const subject = 'alice@example.com';
const ConfigurationId = Type.String({ maxLength: 64, description: 'The id of a token configuration' });

export const TokenRequest = Type.Object(
  {
    configurationId: ConfigurationId,
    sub: Type.String({ [documentedKeyword]: claimDescriptions.sub }),
    validityTimeInSec: Type.Integer({
      minimum: 1,
      maximum: maxValidityS,
      default: defaultValidityS,
      description: 'The lifetime of the token in seconds. It cannot be extended',
    }),
    grants: Claim('grants'),
    trc: Claim('trc'),
    lng: Claim('lng'),
    loc: Claim('loc'),
    thm: Claim('thm'),
  },
  {
    ...{ ...strict, title: 'TokenRequest' },
    examples: [
      {
        ...{ configurationId, sub: subject, validityTimeInSec: 60 },
        grants: { res: ['dashboards/sales'] },
        trc: ['newsletter'],
      },
    ],
  },
);

export const RequestedToken = Type.Object(
  {
    token: Type.String({ description: 'The web access token in compact form' }),
    creationTime: Instant,
    expirationTime: Instant,
    validForSubject: Type.String(),
    configurationId: Type.String(),
    organisationId: Type.String(),
  },
  {
    title: 'RequestedToken',
    examples: [
      {
        token,
        creationTime: '2026-11-21T09:00:00.250Z',
        expirationTime: '2026-11-21T09:01:00.250Z',
        validForSubject: subject,
        ...{ configurationId, organisationId: 'default' },
      },
    ],
  },
);

export const tokensWithoutIat =
  'Tokens without iat are rejected too, also new ones. Set iat in each new token to its creation time.';

export const NewRevocation = Type.Object(
  {
    token: Type.Optional(
      Type.String({
        description: 'The token to revoke. Other base64url encodings of the same token are accepted too',
      }),
    ),
    configurationId: Type.Optional(ConfigurationId),
    sub: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: maxSubjectChars,
        pattern: '^[^\\ud800-\\udfff]*$',
        description:
          'The viewer whose tokens are revoked. If omitted, all tokens of the configuration are revoked',
        [ruleKeyword]: `must have 1 to ${maxSubjectChars} characters and no unpaired surrogates`,
      }),
    ),
    endSessions: Type.Boolean({
      default: false,
      description: 'True to end the open sessions of the revoked tokens too',
    }),
    until: Type.Optional(
      Type.String({
        format: 'date-time',
        maxLength: 64,
        description:
          'A future instant with an offset, at which the revocation ends and its tokens are valid again. If omitted, the revocation has no end',
      }),
    ),
  },
  {
    ...strict,
    description: 'Exactly one of: `token`, `configurationId` with `sub`, or `configurationId` alone',
    title: 'NewRevocation',
    examples: [{ token, endSessions: true }],
  },
);

export const Revocation = Type.Object(
  {
    revokedAt: Instant,
    warnings: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Effects that are easy to overlook. Only for a viewer or a configuration',
      }),
    ),
  },
  {
    title: 'Revocation',
    examples: [{ revokedAt: '2026-11-21T09:00:00.250Z' }],
  },
);
