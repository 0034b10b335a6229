import { Type } from 'typebox';
import { strict } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { usageErrors } from '../declarations/errors.ts';
import { answerExplain, type ExplainDeps } from '../explain/explain.ts';
import { type Granularity, granularities } from '../time/buckets.ts';
import { type EndpointDeps, filterOf, queryRule, readErrors } from './endpoint.ts';
import { compareParameters, rangeParameters } from './range-parameters.ts';
import { ExplainAnswer } from './schemas/explain-schemas.ts';
import { filterParameters } from './schemas/shared-schemas.ts';

type ExplainGroupBy = 'none' | 'configuration' | 'tag' | 'organisation';

const noEffect = (description: string) => `${description}. It does not change what is counted.`;
const ExplainQuery = Type.Object(
  {
    ...filterParameters,
    ...rangeParameters,
    ...compareParameters,
    granularity: Type.Optional(
      Type.Unsafe<Granularity>({
        type: 'string',
        enum: [...granularities],
        description: 'The size of the buckets, as in a series. If omitted, the whole range is one bucket',
        examples: ['day'],
      }),
    ),
    groupBy: Type.Optional(
      Type.Unsafe<ExplainGroupBy>({
        type: 'string',
        enum: ['none', 'configuration', 'tag', 'organisation'],
        default: 'none',
        description: 'The grouping of a series or list. It determines which grains are read',
      }),
    ),
    raw: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Also counts the same sessions from single rows, which takes longer',
        examples: [true],
      }),
    ),
    measures: Type.Optional(Type.String({ maxLength: 100, description: noEffect('As in a series') })),
    top: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: noEffect('As in a series') })),
    sort: Type.Optional(Type.String({ maxLength: 16, description: noEffect('As in a list') })),
    q: Type.Optional(Type.String({ maxLength: 256, description: noEffect('As in a list') })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: noEffect('As in a list') })),
  },
  strict,
);

export interface ExplainEndpointDeps extends EndpointDeps {
  readonly answers: ExplainDeps;
}

/** Registers the route that explains the counts of a usage query (docs/reference/usage.md). */
export function registerExplainRoute(
  server: HttpServer,
  { answers, organisationOf }: ExplainEndpointDeps,
): void {
  server.get(
    '/api/v1/usage/explain',
    {
      config: queryRule,
      schema: {
        operationId: 'explainUsage',
        summary: 'Explain how the counts of a usage query are computed',
        description: 'Accepts the parameters of any usage query.',
        tags: ['usage'],
        querystring: ExplainQuery,
        response: { 200: ExplainAnswer },
        errors: [...readErrors, usageErrors.too_many_points],
      },
    },
    (request) => {
      const { query } = request;
      return answerExplain(answers, filterOf(query, organisationOf(request)), {
        ...query,
        granularity: query.granularity,
        groupBy: query.groupBy ?? 'none',
        isRaw: query.raw ?? false,
      });
    },
  );
}
