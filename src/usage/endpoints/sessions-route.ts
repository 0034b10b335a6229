import { Type } from 'typebox';
import { tableHeaders } from '../../platform/http/formats/documented.ts';
import { formatParameters } from '../../platform/http/formats/parameters.ts';
import { NextCursor, pagingParameters } from '../../platform/http/routes/paging.ts';
import { strict } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { answerSessions } from '../answers/sessions.ts';
import { sessionTable } from '../tables/sessions.ts';
import { answerOrTable } from './answer-or-table.ts';
import { type EndpointDeps, filterOf, queryRule, readErrors } from './endpoint.ts';
import { rangeParameters } from './range-parameters.ts';
import {
  completeness,
  completenessExample,
  configurationIdExample,
  filterParameters,
  tagExample,
  zoneExample,
} from './schemas/shared-schemas.ts';
import { sessionsOrTable } from './schemas/table-schemas.ts';

const SessionsQuery = Type.Object(
  { ...filterParameters, ...rangeParameters, ...pagingParameters, ...formatParameters },
  strict,
);
const SessionList = Type.Object(
  {
    timeZone: Type.String({ description: 'The time zone of the request' }),
    from: Type.String({ format: 'date-time', description: 'The start of the range' }),
    to: Type.String({ format: 'date-time', description: 'The end of the range' }),
    ...completeness,
    items: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          time: Type.String({
            format: 'date-time',
            description: 'The start of the session, with the offset of the time zone',
          }),
          configurationId: Type.String(),
          tags: Type.Array(Type.String()),
          viewer: Type.String({ description: 'Pseudonym of the viewer in the organisation' }),
          imported: Type.Boolean({ description: 'Whether the session was imported from a file' }),
          organisationId: Type.Optional(
            Type.String({ description: 'Only for API tokens with access to all organisations' }),
          ),
          producer: Type.Optional(
            Type.String({ description: 'Only for API tokens with access to all organisations' }),
          ),
        },
        { title: 'UsageSession' },
      ),
    ),
    nextCursor: NextCursor,
  },
  {
    title: 'UsageSessions',
    examples: [
      {
        timeZone: zoneExample,
        from: '2026-11-03T00:00:00.000+01:00',
        to: '2026-12-01T00:00:00.000+01:00',
        ...completenessExample,
        items: [
          {
            id: '0193703f-7b22-7b8c-847f-65c0e48b2ce2',
            time: '2026-11-30T16:07:08.703+01:00',
            configurationId: configurationIdExample,
            tags: [tagExample],
            viewer: '0123456789abcdef0123456789abcdef',
            imported: false,
            organisationId: 'default',
            producer: 'b0b49c8f4a6e4f0f9d0d0b3a3d6a4b52',
          },
        ],
        nextCursor: null,
      },
    ],
  },
);

/** Registers the route that lists single sessions (docs/reference/usage.md). */
export function registerSessionsRoute(server: HttpServer, deps: EndpointDeps): void {
  const { answers, organisationOf } = deps;
  server.get(
    '/api/v1/usage/sessions',
    {
      config: queryRule,
      schema: {
        operationId: 'listSessions',
        summary: 'List single sessions, newest first',
        tags: ['usage'],
        querystring: SessionsQuery,
        response: { 200: sessionsOrTable(SessionList) },
        answerHeaders: tableHeaders,
        errors: [...readErrors],
      },
    },
    (request, reply) => {
      const { query } = request;
      const filter = filterOf(query, organisationOf(request));
      const page = { limit: query.limit ?? 50, cursor: query.cursor };
      return answerOrTable(
        deps,
        { request, reply },
        () => answerSessions(answers, filter, { ...query, ...page }),
        () => sessionTable(answers, filter, query),
      );
    },
  );
}
