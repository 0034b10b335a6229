import { Type } from 'typebox';
import { completeness, completenessExample, count, zoneExample } from './shared-schemas.ts';

const instant = (description: string) => Type.String({ format: 'date-time', description });
const utcWindow = {
  from: instant('The start in UTC'),
  to: instant('The end in UTC, exclusive'),
};
const of = Type.String({
  description: '`range`, or `previous` for the time that the range is compared with',
});

const Count = Type.Object(
  {
    of,
    ...utcWindow,
    sessions: count('Sessions, counted by `steps`'),
    rawSessions: Type.Optional(count('With `raw`: the same sessions, counted from single rows')),
  },
  { title: 'ExplainedCount' },
);
const Calendar = Type.Object(
  {
    days: count('The number of local days that the range overlaps'),
    unusualDays: Type.Array(
      Type.Object({
        date: Type.String({ format: 'date' }),
        hours: Type.Number({ description: 'The length of the day' }),
        ...utcWindow,
      }),
      { description: 'Local days that do not have 24 hours' },
    ),
    clockChanges: Type.Array(
      Type.Object({
        at: instant('When the clocks changed'),
        offsetBefore: Type.String({ description: 'The offset from UTC before the change' }),
        offsetAfter: Type.String({ description: 'The offset from UTC after the change' }),
      }),
    ),
  },
  { title: 'ExplainedCalendar' },
);
const Step = Type.Object(
  {
    of,
    grain: Type.String({ description: 'The projection that is read, or `rows`' }),
    resolution: Type.String({ description: '`month`, `day`, `quarterHour` or `session`' }),
    windows: Type.Array(Type.Object(utcWindow), {
      description: 'The UTC windows that are read, at most 100',
    }),
    moreWindows: count('The number of further windows'),
  },
  { title: 'ExplainedStep' },
);
const Delivery = Type.Object(
  {
    producers: Type.Array(
      Type.Object({
        producer: Type.String(),
        rows: count('Rows in the UTC months of the range'),
        imported: Type.Boolean({ description: 'Whether the sessions were imported from a file' }),
      }),
      { description: 'The producers with the most rows, at most 100' },
    ),
    duplicatesDropped: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
      description:
        'Events that this process has read again and dropped since its start; null in a process that does not store events',
    }),
    deadLetters: count('Dead letters that were not replayed'),
    deadLettersInRange: count('Dead letters of these that arrived during the range'),
  },
  { title: 'ExplainedDelivery', description: 'Only for API tokens with access to all organisations' },
);

const day = { from: '2026-03-28T23:00:00.000Z', to: '2026-03-29T22:00:00.000Z' };
const example = {
  timeZone: zoneExample,
  from: '2026-03-29T00:00:00.000+01:00',
  to: '2026-03-30T00:00:00.000+02:00',
  ...completenessExample,
  provisional: false,
  counts: [{ of: 'range', ...day, sessions: 41, rawSessions: 41 }],
  agrees: true,
  calendar: {
    days: 1,
    unusualDays: [{ date: '2026-03-29', hours: 23, ...day }],
    clockChanges: [{ at: '2026-03-29T03:00:00.000+02:00', offsetBefore: '+01:00', offsetAfter: '+02:00' }],
  },
  buckets: 1,
  steps: [
    {
      ...{ of: 'range', grain: 'quarters_by_configuration', resolution: 'quarterHour' },
      ...{ windows: [day], moreWindows: 0 },
    },
  ],
  rowsRead: 96,
  sampleSessionIds: ['0193703f-7b22-7b8c-847f-65c0e48b2ce2'],
  delivery: {
    producers: [{ producer: 'b0b49c8f4a6e4f0f9d0d0b3a3d6a4b52', rows: 41, imported: false }],
    ...{ duplicatesDropped: 0, deadLetters: 0, deadLettersInRange: 0 },
  },
};

/** Schema of the response that explains the counts of a usage query. */
export const ExplainAnswer = Type.Object(
  {
    timeZone: Type.String({ description: 'The time zone of the request' }),
    from: instant('The start of the range'),
    to: instant('The end of the range'),
    ...completeness,
    counts: Type.Array(Count),
    agrees: Type.Optional(
      Type.Boolean({
        description: 'With `raw`: true if `rawSessions` equals `sessions` in every item of `counts`',
      }),
    ),
    calendar: Calendar,
    buckets: count('The number of buckets of a series, or 1'),
    steps: Type.Array(Step, { description: 'The reads whose results are added up to the counts' }),
    rowsRead: count('Rows of projections and of the table that the query reads'),
    sampleSessionIds: Type.Array(Type.String(), {
      description: 'The ids of up to ten sessions in the range',
    }),
    delivery: Type.Optional(Delivery),
  },
  { title: 'UsageExplanation', examples: [example] },
);
