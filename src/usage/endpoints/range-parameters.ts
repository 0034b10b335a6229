import { Type } from 'typebox';
import { ruleKeyword } from '../../platform/http/routes/rule-keyword.ts';
import { measures } from '../measures/measures.ts';
import {
  type Comparison as ComparisonName,
  comparisons,
  type Fairness,
  fairnesses,
} from '../time/compare.ts';
import { type RangePreset, rangePresets } from '../time/ranges.ts';

const rangeEnd = (description: string) => Type.Optional(Type.String({ maxLength: 40, description }));

/** Query parameters of a range, in the time zone of the request. */
export const rangeParameters = {
  from: rangeEnd('The start of the range, inclusive: a local date, or an instant with an offset.'),
  to: rangeEnd('The end of the range, exclusive: a local date, or an instant with an offset.'),
  range: Type.Optional(
    Type.Unsafe<RangePreset>({
      type: 'string',
      enum: [...rangePresets],
      description:
        'A range relative to today, instead of `from` and `to`. `last` with a number is a range that ends with today. The ' +
        'other `this...` and `last...` ranges are whole months, quarters and years.',
      // The example is a relative range, so that it finds recent sessions at any time.
      examples: ['last28days'],
    }),
  ),
};

/** Query parameters for the comparison of a range with an earlier period. */
export const compareParameters = {
  compare: Type.Optional(
    Type.Unsafe<ComparisonName>({
      type: 'string',
      enum: [...comparisons],
      description:
        'Compares the range with the time before it, or with the year before. Needs `range`, or dates in `from` and `to`.',
    }),
  ),
  fair: Type.Optional(
    Type.Unsafe<Fairness>({
      type: 'string',
      enum: [...fairnesses],
      description:
        'How the compared time is aligned: by the days of the week (`weekday`, the default), or by the time since its start ' +
        '(`elapsed`). It has no effect on buckets of months and longer: weekdays of months cannot be aligned.',
    }),
  ),
};

const someMeasure = `(${measures.join('|')})`;
/** The measures of a response. */
export const measureParameters = {
  measures: Type.Optional(
    Type.String({
      maxLength: 100,
      pattern: `^${someMeasure}(,${someMeasure})*$`,
      description:
        'A comma-separated list of `sessions`, `lastUsed` and `uniqueViewers`. Sessions are always counted.',
      examples: ['sessions,uniqueViewers'],
      [ruleKeyword]: 'must be a comma-separated list of sessions, lastUsed and uniqueViewers',
    }),
  ),
};

/** The comparison period in a response. */
export const Comparison = Type.Object(
  {
    with: Type.String(),
    fair: Type.String(),
    from: Type.String({ format: 'date-time', description: 'The start of the compared time' }),
    to: Type.String({ format: 'date-time', description: 'The end of the compared time' }),
  },
  { title: 'UsageComparison' },
);
