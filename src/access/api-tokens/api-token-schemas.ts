import { type Static, Type } from 'typebox';
import type { Scope } from '../../platform/http/routes/access-rule.ts';
import { NextCursor } from '../../platform/http/routes/paging.ts';
import { ruleKeyword } from '../../platform/http/routes/rule-keyword.ts';
import { Instant, NameText, strict, withExample } from '../../platform/http/routes/schemas.ts';
import { accessExamples } from '../declarations/examples.ts';
import { scopes } from '../declarations/scopes.ts';
import { type ExpiresIn, expiryChoices } from './api-token-life.ts';

/** Request and response schemas of the API token routes. */
const id = accessExamples.apiTokenId.value;
export const Id = Type.Object({
  id: Type.String({ maxLength: 64, description: 'The id of an API token', examples: [id] }),
});

const ScopeText = Type.Unsafe<Scope>({ type: 'string', enum: [...scopes] });
const Expiry = Type.Unsafe<ExpiresIn>({
  type: 'string',
  enum: [...expiryChoices],
  description: 'The lifetime of each generated secret, counted from its creation',
});
const wanted = {
  name: NameText,
  scopes: Type.Array(ScopeText, { minItems: 1, maxItems: 2 * scopes.length }),
  expiresIn: Expiry,
};

const wantedExample = { name: 'Monthly export', scopes: ['usage:read'], expiresIn: '90d' };

export const NewToken = Type.Object(
  {
    ...wanted,
    configurationIds: Type.Optional(
      Type.Array(
        Type.String({
          pattern: '^[A-Za-z0-9_-]{1,64}$',
          [ruleKeyword]: 'must be the id of a token configuration',
        }),
        {
          minItems: 1,
          maxItems: 100,
          description:
            'Binds the token to these configurations. Its only scope must be tokens:request. If omitted, the token is not bound',
        },
      ),
    ),
    organisationId: Type.Optional(
      Type.Union([Type.String({ maxLength: 64, pattern: '^[a-z0-9-]+$' }), Type.Null()], {
        description: 'If omitted: your own organisation, or `default`. null: all organisations',
        [ruleKeyword]: 'must be the id of an organisation, or null',
      }),
    ),
  },
  { ...strict, title: 'NewApiToken', examples: [wantedExample] },
);

export const TokenChange = Type.Object(
  {
    name: Type.Optional(wanted.name),
    scopes: Type.Optional(wanted.scopes),
    expiresIn: Type.Optional(wanted.expiresIn),
  },
  {
    ...{ ...strict, minProperties: 1, title: 'ApiTokenChange' },
    examples: [{ name: 'Yearly export', expiresIn: '1y' }],
  },
);

const orNull = (meaning: string) => Type.Union([Instant, Type.Null()], { description: `null: ${meaning}` });
const Status = Type.String({
  description: 'not_generated, generated_inactive (not used yet), generated_active, expired or revoked',
});

const Token = Type.Object(
  {
    id: Type.String({ description: 'The middle part of the token itself' }),
    name: Type.String(),
    scopes: Type.Array(Type.String()),
    organisationId: Type.Union([Type.String(), Type.Null()], { description: 'null: all organisations' }),
    configurationIds: Type.Union([Type.Array(Type.String()), Type.Null()], {
      description:
        'The API token can request and revoke only tokens of these configurations. null: not bound',
    }),
    expiresIn: Type.String({
      description: 'The requested lifetime. A change applies to the next generated secret',
    }),
    status: Status,
    createdAt: Instant,
    generatedAt: orNull('not generated yet'),
    expiresAt: orNull('never, or not generated yet'),
    lastUsedAt: orNull('not used yet'),
  },
  { title: 'ApiToken' },
);

const created: Static<typeof Token> = {
  id,
  ...wantedExample,
  organisationId: 'default',
  configurationIds: null,
  status: 'not_generated',
  createdAt: '2026-11-21T09:00:00.000Z',
  generatedAt: null,
  expiresAt: null,
  lastUsedAt: null,
};
const used: Static<typeof Token> = {
  ...created,
  status: 'generated_active',
  generatedAt: '2026-11-21T09:01:00.000Z',
  expiresAt: '2027-02-19T09:01:00.000Z',
  lastUsedAt: '2026-11-21T09:02:00.000Z',
};
export const CreatedToken = withExample(Token, created);
export const UsedToken = withExample(Token, used);
export const ChangedToken = withExample(Token, { ...used, name: 'Yearly export', expiresIn: '1y' });
export const RevokedToken = withExample(Token, { ...used, status: 'revoked' });

export const TokenList = Type.Object(
  { items: Type.Array(Token), nextCursor: NextCursor },
  { title: 'ApiTokenList', examples: [{ items: [used], nextCursor: null }] },
);

export const Generated = Type.Object(
  {
    token: Type.String({
      description: 'The secret for `Authorization: Bearer`. Only this response contains it',
    }),
    expiresAt: orNull('never'),
    status: Status,
  },
  {
    title: 'GeneratedApiToken',
    examples: [
      {
        token: accessExamples.apiToken.value,
        expiresAt: '2027-02-19T09:01:00.000Z',
        status: 'generated_inactive',
      },
    ],
  },
);

const activityExample = {
  tokenName: 'Monthly export',
  activity: 'AUTHENTICATE',
  activityOn: '2026-11-21T09:02:00.000Z',
  activityBy: 'Monthly export',
  authenticationResult: 'OK',
};

export const ActivityList = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          tokenName: Type.String(),
          activity: Type.String({ description: 'CREATE, GENERATE, UPDATE, REVOKE or AUTHENTICATE' }),
          activityOn: Instant,
          activityBy: Type.String({ description: 'The name of the API token that performed the activity' }),
          authenticationResult: Type.Union([Type.String(), Type.Null()], {
            description: 'OK or FAIL for AUTHENTICATE, otherwise null',
          }),
        },
        { title: 'ApiTokenActivity' },
      ),
    ),
    nextCursor: NextCursor,
  },
  { title: 'ApiTokenLog', examples: [{ items: [activityExample], nextCursor: null }] },
);
