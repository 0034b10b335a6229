import { Type } from 'typebox';
import { formatParameters } from '../../../platform/http/formats/parameters.ts';
import { NextCursor, pagingParameters } from '../../../platform/http/routes/paging.ts';
import { strict } from '../../../platform/http/routes/schemas.ts';
import { listSorts } from '../../answers/list.ts';
import { Comparison, compareParameters, measureParameters, rangeParameters } from '../range-parameters.ts';
import {
  configurationIdExample,
  count,
  counts,
  countsExample,
  filterParameters,
  frame,
  frameExample,
  instantOrNull,
  tagBudgetFrame,
  tagExample,
  uniqueViewers,
  viewersFrame,
} from './shared-schemas.ts';

export const ListQuery = Type.Object(
  {
    ...filterParameters,
    ...rangeParameters,
    ...compareParameters,
    ...measureParameters,
    sort: Type.Optional(
      Type.String({
        enum: [...listSorts],
        default: '-total',
        description:
          'The order. `-` sorts in descending order. `-sessions` needs a range, and `-change` needs `compare`. Only `name` ' +
          'can read more than 10,000 items.',
      }),
    ),
    q: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: 'Only items whose name starts with this text. Case is ignored',
      }),
    ),
    ...pagingParameters,
    ...formatParameters,
  },
  strict,
);

const range = {
  from: Type.Optional(
    Type.String({ format: 'date-time', description: 'With a range: the start of the range' }),
  ),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'With a range: the end of the range' })),
  compare: Type.Optional(Comparison),
};
const rangeExample = { from: '2026-10-25T00:00:00.000+02:00', to: '2026-11-22T00:00:00.000+01:00' };
const rangeCounts = {
  sessions: Type.Optional(count('With a range: the sessions in the range')),
  previousSessions: Type.Optional(count('With `compare`: the sessions of the compared time')),
  change: Type.Optional(Type.Integer({ description: 'With `compare`: `sessions` minus `previousSessions`' })),
};

export const ConfigurationList = Type.Object(
  {
    ...frame,
    ...range,
    ...tagBudgetFrame,
    ...viewersFrame,
    items: Type.Array(
      Type.Object(
        {
          configurationId: Type.String(),
          name: Type.String(),
          deletedAt: instantOrNull('null: not deleted'),
          ...counts,
          ...rangeCounts,
          ...uniqueViewers,
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
        ...rangeExample,
        approximate: false,
        items: [
          {
            configurationId: configurationIdExample,
            name: 'Customer dashboards',
            deletedAt: null,
            ...countsExample,
            sessions: 17,
            uniqueViewers: 9,
          },
        ],
        nextCursor: null,
      },
    ],
  },
);
const TagOrNull = Type.Union([Type.String(), Type.Null()], { description: 'null: sessions without tags' });
export const TagList = Type.Object(
  {
    ...frame,
    ...range,
    ...tagBudgetFrame,
    ...viewersFrame,
    distinctSessions: count(
      'The number of different sessions. A session with two tags counts for both tags, but only once here',
    ),
    items: Type.Array(
      Type.Object({ tag: TagOrNull, ...counts, ...rangeCounts, ...uniqueViewers }, { title: 'UsageOfTag' }),
    ),
    nextCursor: NextCursor,
  },
  {
    title: 'UsageByTag',
    examples: [
      {
        ...frameExample,
        ...rangeExample,
        approximate: false,
        distinctSessions: 17,
        items: [{ tag: tagExample, ...countsExample, sessions: 17, uniqueViewers: 9 }],
        nextCursor: null,
      },
    ],
  },
);
