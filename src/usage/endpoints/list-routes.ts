import type { Static } from 'typebox';
import { tableHeaders } from '../../platform/http/formats/documented.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { answerConfigurations } from '../answers/configurations.ts';
import type { ListRequest } from '../answers/list.ts';
import { answerTags } from '../answers/tags.ts';
import { usageErrors } from '../declarations/errors.ts';
import { configurationTable, tagTable } from '../tables/lists.ts';
import { answerOrTable } from './answer-or-table.ts';
import { type EndpointDeps, filterOf, queryRule, readErrors } from './endpoint.ts';
import { ConfigurationList, ListQuery, TagList } from './schemas/list-schemas.ts';
import { configurationsOrTable, tagsOrTable } from './schemas/table-schemas.ts';

/**
 * Registers the routes that list usage by configuration and by tag, as JSON or as a file (docs/reference/usage.md).
 */
export function registerListRoutes(server: HttpServer, deps: EndpointDeps): void {
  const { answers, organisationOf } = deps;
  server.get(
    '/api/v1/usage/configurations',
    {
      config: queryRule,
      schema: {
        operationId: 'listUsageByConfiguration',
        summary: 'List usage by token configuration, most used first',
        tags: ['usage'],
        querystring: ListQuery,
        response: { 200: configurationsOrTable(ConfigurationList) },
        answerHeaders: tableHeaders,
        errors: [...readErrors, usageErrors.cursor_expired],
      },
    },
    (request, reply) => {
      const filter = filterOf(request.query, organisationOf(request));
      const list = listOf(request.query);
      return answerOrTable(
        deps,
        { request, reply },
        () => answerConfigurations(answers, filter, list),
        () => configurationTable(answers, filter, list),
      );
    },
  );

  server.get(
    '/api/v1/usage/tags',
    {
      config: queryRule,
      schema: {
        operationId: 'listUsageByTag',
        summary: 'List usage by tracking tag, most used first',
        tags: ['usage'],
        querystring: ListQuery,
        response: { 200: tagsOrTable(TagList) },
        answerHeaders: tableHeaders,
        errors: [...readErrors, usageErrors.cursor_expired],
      },
    },
    (request, reply) => {
      const filter = filterOf(request.query, organisationOf(request));
      const list = listOf(request.query);
      return answerOrTable(
        deps,
        { request, reply },
        () => answerTags(answers, filter, list),
        () => tagTable(answers, filter, list),
      );
    },
  );
}

/**
 * Returns the list that a request describes, without the format parameters. The next page can therefore be requested
 * in another format.
 */
function listOf({ format: _, excel: __, csv: ___, ...query }: Static<typeof ListQuery>): ListRequest {
  return { ...query, sort: query.sort ?? '-total', limit: query.limit ?? 50, cursor: query.cursor };
}
