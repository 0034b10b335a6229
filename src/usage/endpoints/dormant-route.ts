import { Type } from 'typebox';
import { NextCursor, pagingParameters } from '../../platform/http/routes/paging.ts';
import { strict } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { answerDormant, dormantKinds } from '../dormant/dormant.ts';
import { recurrences } from '../dormant/pattern.ts';
import type { UsedKind } from '../query/statements/dormant-sql.ts';
import { type EndpointDeps, queryRule, readErrors } from './endpoint.ts';
import {
  configurationIdExample,
  count,
  frame,
  frameExample,
  instantOrNull,
  timeZone,
} from './schemas/shared-schemas.ts';

const DormantQuery = Type.Object(
  {
    timeZone,
    days: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3650,
        default: 90,
        description: 'The number of local dates before today without use. Today must be without use too',
        examples: [30],
      }),
    ),
    kind: Type.Optional(
      Type.Unsafe<UsedKind>({
        type: 'string',
        enum: [...dormantKinds],
        description: 'Lists only configurations, or only tags',
      }),
    ),
    ...pagingParameters,
  },
  strict,
);

const date = (description: string) => Type.String({ format: 'date', description });
const Pattern = Type.Object(
  {
    every: Type.Unsafe<string>({ type: 'string', enum: [...recurrences] }),
    occasions: count('The number of occasions in the pattern'),
    lastOccasion: date('The first date of the latest occasion'),
    nextExpected: date('The date around which the next occasion is expected'),
    missed: count('The number of expected occasions without use'),
  },
  { title: 'UsagePattern' },
);
const DormantItem = Type.Object(
  {
    kind: Type.Unsafe<string>({ type: 'string', enum: [...dormantKinds] }),
    key: Type.String({ description: 'Id of the configuration, or tag' }),
    name: Type.String({ description: 'Name of the configuration, or tag' }),
    lastUsed: instantOrNull('The last session, with the offset of the time zone. null: never used'),
    total: count('Sessions of all time'),
    pattern: Type.Union([Pattern, Type.Null()], { description: 'A recurring use. null: none was detected' }),
  },
  { title: 'DormantKey' },
);
const DormantList = Type.Object(
  {
    ...frame,
    since: Type.String({
      format: 'date-time',
      description: 'No listed item was used at or after this instant',
    }),
    items: Type.Array(DormantItem),
    nextCursor: NextCursor,
  },
  {
    title: 'DormantUsage',
    examples: [
      {
        ...frameExample,
        since: '2026-10-22T00:00:00.000+02:00',
        items: [
          {
            ...{ kind: 'configuration', key: configurationIdExample, name: 'Quarterly report' },
            ...{ lastUsed: '2026-10-02T09:59:30.019+02:00', total: 41 },
            pattern: {
              ...{ every: 'quarter', occasions: 4, lastOccasion: '2026-10-01', nextExpected: '2027-01-01' },
              missed: 0,
            },
          },
        ],
        nextCursor: null,
      },
    ],
  },
);

/** Registers the route that lists configurations and tags without recent use (docs/reference/usage.md). */
export function registerDormantRoute(server: HttpServer, { answers, organisationOf }: EndpointDeps): void {
  server.get(
    '/api/v1/usage/dormant',
    {
      config: queryRule,
      schema: {
        operationId: 'listDormant',
        summary: 'List configurations and tags without recent use',
        tags: ['usage'],
        querystring: DormantQuery,
        response: { 200: DormantList },
        errors: [...readErrors],
      },
    },
    (request) => {
      const { timeZone = 'UTC', days = 90, kind, limit = 50, cursor } = request.query;
      return answerDormant(answers, organisationOf(request), { timeZone, days, kind, limit, cursor });
    },
  );
}
