import { Type } from 'typebox';
import { type AnswerHeader, locationHeader } from '../../platform/http/routes/route-schema.ts';
import { Instant, NameText, strict } from '../../platform/http/routes/schemas.ts';
import { tokenExamples } from '../declarations/examples.ts';
import { configurationExample, KeyedConfigurationAnswer } from './configuration-answers.ts';

/** The media type that OpenSSL, browsers and mail programs use for a PEM file. */
export const pemType = 'application/x-pem-file';

export const KeyQuery = Type.Object(
  {
    format: Type.Optional(
      Type.Unsafe<'json' | 'pub'>({
        type: 'string',
        enum: ['json', 'pub'],
        description: `\`pub\` returns only the public key, as a file. The header \`Accept: ${pemType}\` does the same`,
      }),
    ),
  },
  strict,
);
export const keyAnswer = {
  201: {
    description: 'The public key. Only this response contains it',
    content: {
      'application/json': {
        schema: KeyedConfigurationAnswer,
        example: { ...configurationExample, publicKey: tokenExamples.publicKey.value },
      },
      [pemType]: {
        schema: Type.String({
          description: 'The public key. The header X-Configuration-Id contains the id of its configuration',
        }),
        example: tokenExamples.publicKey.value,
      },
    },
  },
};
export const keyAnswerHeaders: readonly AnswerHeader[] = [
  locationHeader,
  {
    name: 'content-disposition',
    description: 'The name of the file, with format=pub',
    isOptional: true,
  },
  {
    name: 'x-configuration-id',
    description: 'The id of the token configuration, with format=pub',
    isOptional: true,
  },
];
export const AcceptedKeys = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          createdAt: Instant,
          acceptedUntil: Type.Union([Instant, Type.Null()], {
            description:
              'When tokens of this key stop being accepted. null: the newest key, which does not expire',
          }),
        },
        { title: 'AcceptedKey' },
      ),
      { description: 'Newest first, at most 11' },
    ),
  },
  {
    title: 'AcceptedKeyList',
    examples: [
      {
        items: [
          { createdAt: '2026-11-25T09:00:00.000Z', acceptedUntil: null },
          { createdAt: configurationExample.createdAt, acceptedUntil: '2026-12-31T00:00:00.000Z' },
        ],
      },
    ],
  },
);
export const NewConfiguration = Type.Object(
  { name: NameText },
  { ...strict, title: 'NewConfiguration', examples: [{ name: 'Customer dashboards' }] },
);
export const KeyRotation = Type.Object(
  {
    acceptOldUntil: Type.String({
      format: 'date-time',
      maxLength: 64,
      description:
        'An instant with an offset, at most 100 years ahead. If it is in the past, tokens of older keys are rejected at once',
    }),
  },
  { ...strict, title: 'KeyRotation', examples: [{ acceptOldUntil: '2026-12-31T00:00:00Z' }] },
);
