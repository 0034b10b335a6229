import { Type } from 'typebox';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { tableHeaders } from '../../platform/http/formats/documented.ts';
import { formatParameters } from '../../platform/http/formats/parameters.ts';
import { strict } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { answerSeries } from '../answers/series.ts';
import { usageErrors } from '../declarations/errors.ts';
import { seriesTable } from '../tables/series.ts';
import { wideSeriesTable } from '../tables/wide-series.ts';
import { type Granularity, granularities } from '../time/buckets.ts';
import { answerOrTable } from './answer-or-table.ts';
import { type EndpointDeps, filterOf, queryRule, readErrors } from './endpoint.ts';
import { Comparison, compareParameters, measureParameters, rangeParameters } from './range-parameters.ts';
import {
  completeness,
  completenessExample,
  configurationIdExample,
  count,
  filterParameters,
  instantOrNull,
  tagBudgetFrame,
  uniqueViewers,
  viewersFrame,
  zoneExample,
} from './schemas/shared-schemas.ts';
import { seriesOrTable } from './schemas/table-schemas.ts';

type SeriesGroupBy = 'none' | 'configuration' | 'tag' | 'organisation';

const SeriesQuery = Type.Object(
  {
    ...filterParameters,
    ...rangeParameters,
    granularity: Type.Optional(
      Type.Unsafe<Granularity>({
        type: 'string',
        enum: [...granularities],
        default: 'day',
        description: 'The size of the buckets in the time zone. Weeks begin on Monday.',
        examples: ['day'],
      }),
    ),
    groupBy: Type.Optional(
      Type.Unsafe<SeriesGroupBy>({
        type: 'string',
        enum: ['none', 'configuration', 'tag', 'organisation'],
        default: 'none',
        description: '`none` returns one series. The others return one series for each key.',
        examples: ['configuration'],
      }),
    ),
    top: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 500,
        default: 50,
        description:
          'Maximum number of series: those with the most sessions. One more series sums up all others.',
      }),
    ),
    ...compareParameters,
    ...measureParameters,
    ...formatParameters,
  },
  strict,
);

const instant = (description: string) => Type.String({ format: 'date-time', description });
const Bucket = Type.Object(
  {
    start: instant('The start of the bucket, with the offset of the time zone'),
    end: instant('The first instant after the bucket'),
    sessions: count('Sessions inside the bucket and the range'),
    uniqueViewers: Type.Optional(
      count(
        'With the measure `uniqueViewers`: the different viewers of these sessions. The compared time has none',
      ),
    ),
  },
  { title: 'UsageBucket' },
);
const Series = Type.Object(
  {
    key: Type.Union([Type.String(), Type.Null()], {
      description:
        'The id of the configuration or organisation, or the tag. null: no grouping, or sessions without tags',
    }),
    isOther: Type.Boolean({ description: 'True if the series sums up the series beyond `top`' }),
    sessions: count('Sessions in the range'),
    ...uniqueViewers,
    lastUsed: Type.Optional(
      instantOrNull(
        'With the measure `lastUsed`: the last session in the range. null: none. The series with `isOther` does not have it',
      ),
    ),
    buckets: Type.Array(Bucket),
    previous: Type.Optional(
      Type.Array(Bucket, {
        description: 'With `compare`: for each item of `buckets`, the bucket that it is compared with',
      }),
    ),
    previousSessions: Type.Optional(
      count(
        'With `compare`: the sessions of the compared time. While the range has not ended, only up to the same point',
      ),
    ),
  },
  { title: 'UsageSeriesOfKey' },
);
const bucketExample = {
  start: '2026-11-20T00:00:00.000+01:00',
  end: '2026-11-21T00:00:00.000+01:00',
  sessions: 41,
};
const SeriesAnswer = Type.Object(
  {
    timeZone: Type.String({ description: 'The time zone of the request' }),
    granularity: Type.String(),
    from: instant('The start of the range'),
    to: instant('The end of the range'),
    ...completeness,
    compare: Type.Optional(Comparison),
    ...tagBudgetFrame,
    ...viewersFrame,
    distinctSessions: Type.Optional(
      count(
        'With groupBy=tag: the number of different sessions in the range. A session with two tags counts in two series, but only once here',
      ),
    ),
    series: Type.Array(Series),
  },
  {
    title: 'UsageSeries',
    examples: [
      {
        timeZone: zoneExample,
        granularity: 'day',
        from: '2026-11-20T00:00:00.000+01:00',
        to: '2026-11-21T00:00:00.000+01:00',
        ...completenessExample,
        approximate: false,
        series: [
          {
            ...{ key: configurationIdExample, isOther: false, sessions: 41, uniqueViewers: 12 },
            buckets: [bucketExample],
          },
        ],
      },
    ],
  },
);

/** Registers the route that returns sessions over time (docs/reference/usage.md). */
export function registerSeriesRoute(server: HttpServer, deps: EndpointDeps): void {
  const { answers, organisationOf } = deps;
  server.get(
    '/api/v1/usage/series',
    {
      config: queryRule,
      schema: {
        operationId: 'getUsageSeries',
        summary: 'Get sessions over time',
        tags: ['usage'],
        querystring: SeriesQuery,
        response: { 200: seriesOrTable(SeriesAnswer) },
        answerHeaders: tableHeaders,
        errors: [...readErrors, usageErrors.too_many_points, platformErrors.workbook_too_large],
      },
    },
    (request, reply) => {
      const { query } = request;
      const filter = filterOf(query, organisationOf(request));
      const wanted = {
        ...query,
        granularity: query.granularity ?? 'day',
        groupBy: query.groupBy ?? 'none',
        top: query.top ?? 50,
      };
      return answerOrTable(
        deps,
        { request, reply },
        () => answerSeries(answers, filter, wanted),
        (format) => (format === 'xlsx' ? wideSeriesTable : seriesTable)(answers, filter, wanted),
      );
    },
  );
}
