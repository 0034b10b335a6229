import { Type } from 'typebox';
import { tableHeaders } from '../../platform/http/formats/documented.ts';
import { formatParameters } from '../../platform/http/formats/parameters.ts';
import { strict } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { answerHeatmap } from '../answers/heatmap.ts';
import { heatmapTable } from '../tables/heatmap.ts';
import { answerOrTable } from './answer-or-table.ts';
import { type EndpointDeps, filterOf, queryRule, readErrors } from './endpoint.ts';
import { rangeParameters } from './range-parameters.ts';
import {
  completeness,
  completenessExample,
  count,
  filterParameters,
  zoneExample,
} from './schemas/shared-schemas.ts';
import { heatmapOrTable } from './schemas/table-schemas.ts';

const HeatmapQuery = Type.Object({ ...filterParameters, ...rangeParameters, ...formatParameters }, strict);
const Heatmap = Type.Object(
  {
    timeZone: Type.String({ description: 'The time zone of the request' }),
    from: Type.String({ format: 'date-time', description: 'The start of the range' }),
    to: Type.String({ format: 'date-time', description: 'The end of the range' }),
    ...completeness,
    sessions: count('Sessions in the range'),
    weekdays: Type.Array(
      Type.Object(
        {
          weekday: Type.Integer({ minimum: 1, maximum: 7, description: '1 is Monday' }),
          hours: Type.Array(count('Sessions in this hour of the local clock'), {
            minItems: 24,
            maxItems: 24,
          }),
        },
        { title: 'UsageOfWeekday' },
      ),
      { minItems: 7, maxItems: 7 },
    ),
  },
  {
    title: 'UsageHeatmap',
    examples: [
      {
        timeZone: zoneExample,
        from: '2026-11-03T00:00:00.000+01:00',
        to: '2026-12-01T00:00:00.000+01:00',
        ...completenessExample,
        sessions: 41,
        weekdays: Array.from({ length: 7 }, (_, weekday) => ({
          weekday: weekday + 1,
          hours: Array.from({ length: 24 }, (__, hour) => (weekday === 0 && hour === 16 ? 41 : 0)),
        })),
      },
    ],
  },
);

/** Registers the route that returns sessions by weekday and hour (docs/reference/usage.md). */
export function registerHeatmapRoute(server: HttpServer, deps: EndpointDeps): void {
  const { answers, organisationOf } = deps;
  server.get(
    '/api/v1/usage/heatmap',
    {
      config: queryRule,
      schema: {
        operationId: 'getUsageHeatmap',
        summary: 'Get sessions by weekday and hour',
        tags: ['usage'],
        querystring: HeatmapQuery,
        response: { 200: heatmapOrTable(Heatmap) },
        answerHeaders: tableHeaders,
        errors: [...readErrors],
      },
    },
    (request, reply) => {
      const { query } = request;
      const filter = filterOf(query, organisationOf(request));
      return answerOrTable(
        deps,
        { request, reply },
        () => answerHeatmap(answers, filter, query),
        () => heatmapTable(answers, filter, query),
      );
    },
  );
}
