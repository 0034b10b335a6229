import { Type } from 'typebox';
import {
  type Comparison as ComparisonName,
  comparisons,
  type Fairness,
  fairnesses,
} from '../time/compare.ts';
import { type RangePreset, rangePresets } from '../time/ranges.ts';

const rangeEnd = (description: string) => Type.Optional(Type.String({ maxLength: 40, description }));

/** The parameters of a range in the zone of the request. */
export const rangeParameters = {
  from: rangeEnd('Local date, or instant with an offset; it belongs to the range.'),
  to: rangeEnd('Local date, or instant with an offset; the range ends before it.'),
  range: Type.Optional(
    Type.Unsafe<RangePreset>({
      type: 'string',
      enum: [...rangePresets],
      description:
        'A range that moves with today, instead of `from` and `to`. Ranges that begin with `last` and a number end with ' +
        'today; `this...` and `last...` ranges are whole months, quarters and years.',
      // A moving range, so that the example finds sessions of today whenever it is sent.
      examples: ['last28days'],
    }),
  ),
};

/** The parameters of a comparison with another time. */
export const compareParameters = {
  compare: Type.Optional(
    Type.Unsafe<ComparisonName>({
      type: 'string',
      enum: [...comparisons],
      description:
        'Compares the range with the time before it, or with the year before. Needs dates or `range`.',
    }),
  ),
  fair: Type.Optional(
    Type.Unsafe<Fairness>({
      type: 'string',
      enum: [...fairnesses],
      description:
        'What is compared: the same days of the week (`weekday`, the default), or the same time after the beginning ' +
        '(`elapsed`). Buckets of months and longer are always compared by months.',
    }),
  ),
};

/** What an answer says about the time that it compares with. */
export const Comparison = Type.Object(
  {
    with: Type.String(),
    fair: Type.String(),
    from: Type.String({ format: 'date-time', description: 'The start of the time compared with' }),
    to: Type.String({ format: 'date-time', description: 'Its end' }),
  },
  { title: 'UsageComparison' },
);
