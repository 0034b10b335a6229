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
    configurationIds: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }), {
        minItems: 1,
        maxItems: 100,
        description: 'Binds it to these configurations: its one scope is tokens:request. Left out: to none',
      }),
    ),
    organisationId: Type.Optional(
      Type.Union([Type.String({ maxLength: 64, pattern: '^[a-z0-9-]+$' }), Type.Null()], {
        description: 'Left out: your own organisation, or `default`; null: all organisations',
      }),
    ),
  },
  strict,
);

export const TokenChange = Type.Object(
  {
    name: Type.Optional(wanted.name),
    scopes: Type.Optional(wanted.scopes),
    expiresIn: Type.Optional(wanted.expiresIn),
  },
  { ...strict, minProperties: 1 },
);

const Status = Type.String({
  description: 'not_generated, generated_inactive (not used yet), generated_active, expired or revoked',
});

export const Token = Type.Object({
  id: Type.String(),
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  organisationId: TextOrNull,
  configurationIds: Type.Union([Type.Array(Type.String()), Type.Null()]),
  expiresIn: Type.String(),
  status: Status,
  createdAt: Instant,
  generatedAt: InstantOrNull,
  expiresAt: InstantOrNull,
  lastUsedAt: InstantOrNull,
});

export const TokenList = Type.Object({ items: Type.Array(Token), nextCursor: TextOrNull });

export const Generated = Type.Object({
  token: Type.String({ description: 'Only in this answer' }),
  expiresAt: InstantOrNull,
  status: Status,
});

export const ActivityList = Type.Object({
  items: Type.Array(
    Type.Object({
      tokenName: Type.String(),
      activity: Type.String({ description: 'CREATE, GENERATE, UPDATE, REVOKE or AUTHENTICATE' }),
      activityOn: Instant,
      activityBy: Type.String({ description: 'Name of the API token that did it' }),
      authenticationResult: Type.Union([Type.String(), Type.Null()], {
        description: 'OK or FAIL for AUTHENTICATE, else null',
      }),
    }),
  ),
  nextCursor: TextOrNull,
});
