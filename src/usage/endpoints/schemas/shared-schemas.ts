import { Type } from 'typebox';
import { withExample } from '../../../platform/http/routes/schemas.ts';
import { tokenExamples } from '../../../tokens/declarations/examples.ts';

export const configurationIdExample = tokenExamples.configurationId.value;
export const zoneExample = 'Europe/Berlin';
export const tagExample = 'newsletter';

/** Query parameter: time zone of a request and of its response. */
export const timeZone = Type.Optional(
  Type.String({
    default: 'UTC',
    maxLength: 64,
    description: 'IANA name of the time zone in which days begin and end',
    examples: [zoneExample],
  }),
);
export const oneTag = Type.String({
  minLength: 1,
  maxLength: 256,
  description: 'A tracking tag. Tags are case-sensitive',
});

export const ConfigurationIds = Type.Array(Type.String({ maxLength: 64 }), {
  maxItems: 100,
  description: 'Only sessions of these token configurations',
});
/** Query parameters that select the sessions to count. */
export const filterParameters = {
  timeZone,
  configurationId: Type.Optional(withExample(ConfigurationIds, [configurationIdExample])),
  tag: Type.Optional(
    Type.Array(oneTag, {
      maxItems: 64,
      description: 'Only sessions with any or all of these tags (see `match`)',
      examples: [[tagExample]],
    }),
  ),
  match: Type.Optional(
    Type.Unsafe<'any' | 'all'>({
      type: 'string',
      enum: ['any', 'all'],
      default: 'any',
      description: 'Whether a session must have any or all of the tags',
      examples: ['any'],
    }),
  ),
  untagged: Type.Optional(Type.Boolean({ description: 'Only sessions without tags' })),
};

/** Returns the schema of a session count. */
export const count = (description: string) => Type.Integer({ minimum: 0, description });
export const instantOrNull = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description });
/** Members of a response that describe how complete it is. */
export const completeness = {
  completeThrough: instantOrNull(
    'The response contains every session that was accepted before this instant. null: not known, or no session yet',
  ),
  provisional: Type.Union([Type.Boolean(), Type.Null()], {
    description:
      'True if the range ends after `completeThrough`, so that counts can still grow. null: not known',
  }),
  lagMs: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
    description: 'Milliseconds from `completeThrough` to the response. null: not known',
  }),
  unwatchedProducers: Type.Optional(
    Type.Integer({
      minimum: 1,
      description:
        'Number of producers that `completeThrough` does not cover, because they are not registered and publish no watermarks. Omitted if there are none',
    }),
  ),
};
export const completenessExample = {
  completeThrough: '2026-11-30T15:07:09.901Z',
  provisional: true,
  lagMs: 211,
};
export const counts = {
  lastUsed: instantOrNull('The last session, with the offset of the time zone. null: never used'),
  today: count('Sessions since `dayStart`'),
  total: count('All sessions'),
};
/** Members of a response that counts viewers. */
export const viewersFrame = {
  approximate: Type.Optional(
    Type.Boolean({
      description:
        'With the measure `uniqueViewers`: false if the numbers of viewers are exact; true beyond 1,000,000 sessions, where the error is at most 1 %',
    }),
  ),
};
/** Member that a response has if the organisation is over its tag budget. */
export const tagBudgetFrame = {
  tagBudgetExceeded: Type.Optional(
    Type.Literal(true, {
      description:
        'Present if the organisation has more distinct tags than `USAGE_TAG_BUDGET`. For an API token with access to all organisations: present if any organisation has. Counts stay exact',
    }),
  ),
};
export const uniqueViewers = {
  uniqueViewers: Type.Optional(
    count(
      'With the measure `uniqueViewers`: the different viewers of the sessions in the range, or of all sessions without a range',
    ),
  ),
};
export const frameExample = {
  timeZone: zoneExample,
  dayStart: '2026-11-21T00:00:00.000+01:00',
  completeThrough: '2026-11-21T09:00:00.250Z',
  provisional: true,
  lagMs: 180,
};
export const countsExample = { lastUsed: '2026-11-21T09:59:30.019+01:00', today: 3, total: 41 };
/** Members that usage responses have in common. */
export const frame = {
  timeZone: Type.String({ description: 'The time zone of the request' }),
  dayStart: Type.String({
    format: 'date-time',
    description: 'The start of today in the time zone, with its offset',
  }),
  ...completeness,
};
