import { type Static, Type } from 'typebox';
import { maxTagCodePoints, maxTags } from '../../src/events/session-event.ts';
import { strict, withExample } from '../../src/platform/http/routes/schemas.ts';
import { tokenExamples } from '../../src/tokens/declarations/examples.ts';

export const maxSessions = 5000;
export const importBodyLimitBytes = 4 * 1024 * 1024;

const sessionExample = {
  time: '2026-03-29T00:30:00Z',
  configurationId: tokenExamples.configurationId.value,
  tags: ['newsletter'],
  viewer: 'alice@example.com',
};

const Session = Type.Object(
  {
    time: Type.String({
      maxLength: 40,
      description: 'The start of the session: an RFC 3339 instant with offset, from 2015 until now',
    }),
    configurationId: Type.String({ maxLength: 64 }),
    tags: Type.Optional(
      Type.Array(
        Type.String({
          minLength: 1,
          maxLength: maxTagCodePoints,
          pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$',
        }),
        { maxItems: maxTags, description: 'Tracking tags' },
      ),
    ),
    viewer: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1024,
        description: 'Subject of the viewer. Only its pseudonym is stored',
      }),
    ),
    sessionId: Type.Optional(
      Type.String({
        pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
        description: 'UUID of the session in lowercase. Default: derived from the file and the row',
      }),
    ),
  },
  { ...strict, title: 'ImportedSession' },
);

export type ImportedSession = Static<typeof Session>;

export const ImportParams = Type.Object({
  digest: Type.String({
    pattern: '^[0-9a-f]{64}$',
    description: 'SHA-256 of the file, in lowercase hex digits',
    examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
  }),
});

export const ImportBody = Type.Object(
  {
    first: Type.Integer({
      minimum: 1,
      maximum: 2 ** 48,
      description: 'Row number of the first session in the file',
    }),
    sessions: Type.Array(Session, { minItems: 1, maxItems: maxSessions }),
    dryRun: Type.Optional(
      Type.Boolean({ default: false, description: 'Checks the sessions without storing them' }),
    ),
  },
  { ...strict, title: 'ImportRequest', examples: [{ first: 1, sessions: [sessionExample] }] },
);

const row = (description: string) => Type.Integer({ minimum: 0, description });

export const ImportState = withExample(
  Type.Object(
    {
      producer: Type.String({ description: 'Producer of the imported sessions' }),
      next: row('Row to continue with'),
      stored: row('Sessions of this file that are stored'),
    },
    { title: 'ImportState' },
  ),
  { producer: 'import-0a1b2c3d4e5f60718293a4b5c6d7e8f9', next: 5001, stored: 5000 },
);

export const ImportResult = withExample(
  Type.Object(
    {
      producer: Type.String({ description: 'Producer of the imported sessions' }),
      next: row('Row to continue with'),
      stored: row('Sessions that this request stored'),
      alreadyStored: row('Sessions of this request that were stored before'),
    },
    { title: 'ImportResult' },
  ),
  { producer: 'import-0a1b2c3d4e5f60718293a4b5c6d7e8f9', next: 2, stored: 1, alreadyStored: 0 },
);
