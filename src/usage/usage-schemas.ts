import { Type } from 'typebox';
import { exampleValues } from '../platform/http/openapi/example-values.ts';
import { NextCursor, pagingParameters } from '../platform/http/paging.ts';
import { strict, withExample } from '../platform/http/schemas.ts';

const configurationId = exampleValues.configurationId.value;
const zone = 'Europe/Berlin';
const tag = 'newsletter';

const timeZone = Type.Optional(
  Type.String({
    default: 'UTC',
    maxLength: 64,
    description: 'IANA time zone: the day of `today` is this zone’s',
    examples: [zone],
  }),
);
const oneTag = Type.String({ minLength: 1, maxLength: 256, description: 'A tracking tag; case counts' });

const ConfigurationIds = Type.Array(Type.String({ maxLength: 64 }), {
  maxItems: 100,
  description: 'Sessions of any of these',
});
const filterParameters = {
  timeZone,
  configurationId: Type.Optional(withExample(ConfigurationIds, [configurationId])),
  tag: Type.Optional(
    Type.Array(oneTag, {
      maxItems: 64,
      description: 'Sessions with these tags: any or all of them, as `match` says',
      examples: [[tag]],
    }),
  ),
  match: Type.Optional(
    Type.Unsafe<'any' | 'all'>({
      type: 'string',
      enum: ['any', 'all'],
      default: 'any',
      description: 'How several tags count',
      examples: ['any'],
    }),
  ),
  untagged: Type.Optional(Type.Boolean({ description: 'Only sessions without tags' })),
};

export const FilterQuery = Type.Object(filterParameters, strict);
export const ListQuery = Type.Object({ ...filterParameters, ...pagingParameters }, strict);

const count = (description: string) => Type.Integer({ minimum: 0, description });
const instantOrNull = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description });
const counts = {
  lastUsed: instantOrNull('With the offset of the time zone; null: never used'),
  today: count('Sessions since dayStart'),
  total: count('Sessions since ever'),
};
const frameExample = {
  timeZone: zone,
  dayStart: '2026-11-21T00:00:00.000+01:00',
  completeThrough: '2026-11-21T09:00:00.250Z',
};
const countsExample = { lastUsed: '2026-11-21T09:59:30.019+01:00', today: 3, total: 41 };
const frame = {
  timeZone: Type.String({ description: 'The one that was asked for' }),
  dayStart: Type.String({ format: 'date-time', description: 'When today began there, with its offset' }),
  completeThrough: instantOrNull('Every session accepted before it is in the answer; null: before the first'),
};

export const Summary = Type.Object(
  { ...frame, ...counts },
  { title: 'Usage', examples: [{ ...frameExample, ...countsExample }] },
);
export const ConfigurationList = Type.Object(
  {
    ...frame,
    items: Type.Array(
      Type.Object(
        {
          configurationId: Type.String(),
          name: Type.String(),
          deletedAt: instantOrNull('null: it is still there'),
          ...counts,
        },
        { title: 'UsageOfConfiguration' },
      ),
    ),
    nextCursor: NextCursor,
  },
  {
    title: 'UsageByConfiguration',
    examples: [
      {
        ...frameExample,
        items: [{ configurationId, name: 'Customer dashboards', deletedAt: null, ...countsExample }],
        nextCursor: null,
      },
    ],
  },
);
const TagOrNull = Type.Union([Type.String(), Type.Null()], { description: 'null: sessions without tags' });
export const TagList = Type.Object(
  {
    ...frame,
    distinctSessions: count('Sessions in all: one with two tags is counted for both of them'),
    items: Type.Array(Type.Object({ tag: TagOrNull, ...counts }, { title: 'UsageOfTag' })),
    nextCursor: NextCursor,
  },
  {
    title: 'UsageByTag',
    examples: [
      { ...frameExample, distinctSessions: 41, items: [{ tag, ...countsExample }], nextCursor: null },
    ],
  },
);
export const OneTag = Type.Object(
  { tag: Type.String(), ...frame, ...counts },
  { title: 'UsageOfOneTag', examples: [{ tag, ...frameExample, ...countsExample }] },
);
export const ConfigurationWindow = Type.Object(
  {
    configurationId: Type.String(),
    name: Type.String(),
    ...frame,
    ...counts,
  },
  {
    title: 'UsageWindow',
    examples: [{ configurationId, name: 'Customer dashboards', ...frameExample, ...countsExample }],
  },
);

export const TagName = Type.Object({ tag: withExample(oneTag, tag) });
export const TagQuery = Type.Object({ timeZone, configurationId: Type.Optional(ConfigurationIds) }, strict);
export const WindowId = Type.Object({
  id: Type.String({ maxLength: 64, examples: [configurationId] }),
});
export const WindowQuery = Type.Object({ timeZone }, strict);
