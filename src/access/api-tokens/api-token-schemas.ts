import { Type } from 'typebox';
import { type Scope, scopes } from '../../platform/http/access-rule.ts';
import { NextCursor } from '../../platform/http/paging.ts';
import { Instant, NameText, strict } from '../../platform/http/schemas.ts';
import { type ExpiresIn, expiryChoices } from './api-token-life.ts';

/** What goes in and out of the routes of API tokens. */
export const Id = Type.Object({ id: Type.String({ maxLength: 64, description: 'The id of an API token' }) });

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

const orNull = (meaning: string) => Type.Union([Instant, Type.Null()], { description: `null: ${meaning}` });
const Status = Type.String({
  description: 'not_generated, generated_inactive (not used yet), generated_active, expired or revoked',
});

export const Token = Type.Object(
  {
    id: Type.String({ description: 'The middle part of the token itself' }),
    name: Type.String(),
    scopes: Type.Array(Type.String()),
    organisationId: Type.Union([Type.String(), Type.Null()], { description: 'null: all organisations' }),
    configurationIds: Type.Union([Type.Array(Type.String()), Type.Null()], {
      description: 'It requests and revokes tokens of these only; null: it is bound to none',
    }),
    expiresIn: Type.String({ description: 'As it was asked for: acts from the next generate on' }),
    status: Status,
    createdAt: Instant,
    generatedAt: orNull('not generated yet'),
    expiresAt: orNull('never, or not generated yet'),
    lastUsedAt: orNull('not used yet'),
  },
  { title: 'ApiToken' },
);

export const TokenList = Type.Object(
  { items: Type.Array(Token), nextCursor: NextCursor },
  { title: 'ApiTokenList' },
);

export const Generated = Type.Object(
  {
    token: Type.String({ description: 'The secret, for `Authorization: Bearer`. Only in this answer' }),
    expiresAt: orNull('never'),
    status: Status,
  },
  { title: 'GeneratedApiToken' },
);

export const ActivityList = Type.Object(
  {
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
    nextCursor: NextCursor,
  },
  { title: 'ApiTokenLog' },
);
