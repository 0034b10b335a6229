import { type Static, Type } from 'typebox';
import { NextCursor } from '../../platform/http/routes/paging.ts';
import { ruleKeyword } from '../../platform/http/routes/rule-keyword.ts';
import { Instant, strict } from '../../platform/http/routes/schemas.ts';

const maxSubjectChars = 1024;

export const ViewerToForget = Type.Object(
  {
    organisationId: Type.Optional(
      Type.String({
        maxLength: 64,
        description:
          'The organisation of the viewer. Default: the organisation of the API token, or `default`',
      }),
    ),
    subject: Type.String({
      ...{ minLength: 1, maxLength: maxSubjectChars, pattern: '^[^\\u0000\\ud800-\\udfff]*$' },
      description: 'The viewer: `sub` of the tokens',
      [ruleKeyword]: `must have 1 to ${maxSubjectChars} characters, without NUL and unpaired surrogates`,
    }),
  },
  {
    ...{ ...strict, title: 'ViewerToForget' },
    examples: [{ organisationId: 'default', subject: 'alice@example.com' }],
  },
);

const request = {
  id: Type.String({ description: 'Id of the request. It does not identify the viewer' }),
  organisationId: Type.String(),
  requestedAt: Instant,
  state: Type.String({
    description:
      '`waiting`: stored sessions can have the pseudonym. `replaced`: no stored session has it, and journals and Kafka topics can. `gone`: no store has it',
  }),
  goneBy: Type.String({
    format: 'date-time',
    description:
      'Time by which no store and no file has the pseudonym. In the state `waiting`, it assumes that every session accepted before the request is stored',
  }),
};

export const ForgottenViewer = Type.Object(
  {
    ...request,
    deleted: Type.Object(
      {
        directoryEntries: Type.Integer({ minimum: 0 }),
        revocations: Type.Integer({ minimum: 0 }),
        storedClaims: Type.Integer({ minimum: 0 }),
      },
      { description: 'Number of deleted entries about the viewer, by kind' },
    ),
  },
  { title: 'ForgottenViewer' },
);

const ForgetRequestItem = Type.Object(request, { title: 'ForgetRequest' });

const example: Static<typeof ForgetRequestItem> = {
  id: '019ae2d4-7c3b-7f0a-9d51-2b6c8e4f1a07',
  organisationId: 'default',
  requestedAt: '2026-11-21T09:00:00.250Z',
  state: 'waiting',
  goneBy: '2026-11-22T11:15:05.250Z',
};

export const forgottenExample: Static<typeof ForgottenViewer> = {
  ...example,
  deleted: { directoryEntries: 1, revocations: 0, storedClaims: 0 },
};

export const ForgetRequestList = Type.Object(
  { items: Type.Array(ForgetRequestItem), nextCursor: NextCursor },
  { title: 'ForgetRequestList', examples: [{ items: [example], nextCursor: null }] },
);
