import { Type } from 'typebox';
import { type Scope, scopes } from '../platform/http/access-rule.ts';
import { Instant, InstantOrNull, NameText, strict, TextOrNull } from '../platform/http/schemas.ts';
import { type ExpiresIn, expiryChoices } from './api-token-life.ts';

/** What goes in and out of the routes of API tokens. */
export const Id = Type.Object({ id: Type.String({ maxLength: 64 }) });

const ScopeText = Type.Unsafe<Scope>({ type: 'string', enum: [...scopes] });
const Expiry = Type.Unsafe<ExpiresIn>({
  type: 'string',
  enum: [...expiryChoices],
  description: 'Counted from each generate',
});
const wanted = {
  name: NameText,
  scopes: Type.Array(ScopeText, { minItems: 1, maxItems: 2 * scopes.length }),
  expiresIn: Expiry,
};

export const NewToken = Type.Object(
  {
    ...wanted,
    organisationId: Type.Optional(
      Type.Union([Type.String({ maxLength: 64, pattern: '^[a-z0-9-]+$' }), Type.Null()], {
        description: 'Left out: your own organisation, or `default`; null: all organisations',
      }),
    ),
  },
  { ...strict, title: 'NewApiToken' },
);

export const TokenChange = Type.Object(
  {
    name: Type.Optional(wanted.name),
    scopes: Type.Optional(wanted.scopes),
    expiresIn: Type.Optional(wanted.expiresIn),
  },
  { ...strict, minProperties: 1, title: 'ApiTokenChange' },
);

const Status = Type.String({
  description: 'not_generated, generated_inactive (not used yet), generated_active, expired or revoked',
});

export const Token = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    scopes: Type.Array(Type.String()),
    organisationId: TextOrNull,
    expiresIn: Type.String(),
    status: Status,
    createdAt: Instant,
    generatedAt: InstantOrNull,
    expiresAt: InstantOrNull,
    lastUsedAt: InstantOrNull,
  },
  { title: 'ApiToken' },
);

export const TokenList = Type.Object({ items: Type.Array(Token), nextCursor: TextOrNull });

export const Generated = Type.Object(
  {
    token: Type.String({ description: 'Only in this answer' }),
    expiresAt: InstantOrNull,
    status: Status,
  },
  { title: 'GeneratedApiToken' },
);

export const ActivityList = Type.Object({
  items: Type.Array(
    Type.Object(
      {
        tokenName: Type.String(),
        activity: Type.String({ description: 'CREATE, GENERATE, UPDATE, REVOKE or AUTHENTICATE' }),
        activityOn: Instant,
        activityBy: Type.String({ description: 'Name of the API token that did it' }),
        authenticationResult: Type.Union([Type.String(), Type.Null()], {
          description: 'OK or FAIL for AUTHENTICATE, else null',
        }),
      },
      { title: 'ApiTokenActivity' },
    ),
  ),
  nextCursor: TextOrNull,
});
