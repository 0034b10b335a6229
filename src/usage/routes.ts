import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { tableHeaders } from '../platform/http/formats/documented.ts';
import type { RegisterRoutes } from '../platform/http/routes/register-routes.ts';
import type { HttpServer } from '../platform/http/server.ts';
import { tokenErrors } from '../tokens/declarations/errors.ts';
import { type AdmissionDeps, admitQueries } from './admission/admission.ts';
import type { ListRequest } from './answers/list.ts';
import { usageErrors } from './declarations/errors.ts';
import { answerOrTable } from './endpoints/answer-or-table.ts';
import { registerDormantRoute } from './endpoints/dormant-route.ts';
import { type EndpointDeps, queryRule, readErrors } from './endpoints/endpoint.ts';
import { registerExplainRoute } from './endpoints/explain-route.ts';
import { registerHeatmapRoute } from './endpoints/heatmap-route.ts';
import { registerLiveRoute } from './endpoints/live-route.ts';
import { configurationsOrTable, tagsOrTable } from './endpoints/schemas/table-schemas.ts';
import { registerSeriesRoute } from './endpoints/series-route.ts';
import { registerSessionsRoute } from './endpoints/sessions-route.ts';
import { registerTimeZonesRoute } from './endpoints/time-zones-route.ts';
import type { ExplainDeps } from './explain/explain.ts';
import type { LiveFeed } from './live/live-feed.ts';
import type { UsageFilter } from './query/query.ts';
import { configurationTable, tagTable } from './tables/lists.ts';
import { createUsage, type UsageService } from './usage.ts';
import {
  ConfigurationList,
  ConfigurationWindow,
  FilterQuery,
  ListQuery,
  OneTag,
  Summary,
  TagList,
  TagName,
  TagQuery,
  WindowId,
  WindowQuery,
} from './usage-schemas.ts';

export interface UsageRoutesDeps {
  readonly usage: UsageService;
  /** Returns the organisation that a request may access. Undefined: all. */
  readonly organisationOf: (request: FastifyRequest) => string | undefined;
  /** @throws AppError `configuration_not_found`, also for a configuration of another organisation. */
  readonly configurationName: (id: string, organisationId: string | undefined) => Promise<{ name: string }>;
  readonly feed: LiveFeed;
  /** Returns the id of the API token that sent a request. */
  readonly tokenOf: (request: FastifyRequest) => string;
  /** Returns whether the credential of a request is still valid for the same organisation and scope. */
  readonly isStillAllowed: (request: FastifyRequest) => Promise<boolean>;
}

/**
 * Creates the usage routes: sessions by configuration and tag, in any time zone (docs/reference/http-api.md,
 * Usage).
 */
export function createUsageRoutes(
  given: ExplainDeps & Omit<UsageRoutesDeps, 'usage'> & AdmissionDeps,
): RegisterRoutes {
  const { organisationOf, logger } = given;
  const deps = { ...given, usage: createUsage(given) };
  return (server) => {
    admitQueries(server, given);
    registerSummary(server, deps);
    const endpointDeps = { answers: given, organisationOf, logger };
    registerLists(server, deps, endpointDeps);
    registerTag(server, deps);
    registerConfigurationWindow(server, deps);
    registerSeriesRoute(server, endpointDeps);
    registerHeatmapRoute(server, endpointDeps);
    registerSessionsRoute(server, endpointDeps);
    registerDormantRoute(server, endpointDeps);
    registerExplainRoute(server, endpointDeps);
    registerLiveRoute(server, { ...given, answers: given });
    registerTimeZonesRoute(server, endpointDeps);
  };
}

const tags = ['usage'];

type FilterRequest = FastifyRequest<{ Querystring: Static<typeof FilterQuery> }>;

function filterOf(request: FilterRequest, { organisationOf }: UsageRoutesDeps): UsageFilter {
  return {
    organisationId: organisationOf(request),
    configurationIds: request.query.configurationId ?? [],
    tags: (request.query.tag ?? []).map((tag) => tag.normalize('NFC')),
    match: request.query.match ?? 'any',
    untagged: request.query.untagged ?? false,
  };
}

/** The format does not identify a list: the next page can be requested in another format. */
function listOf({ format: _, excel: __, csv: ___, ...query }: Static<typeof ListQuery>): ListRequest {
  return { ...query, sort: query.sort ?? '-total', limit: query.limit ?? 50, cursor: query.cursor };
}

function registerSummary(server: HttpServer, deps: UsageRoutesDeps): void {
  const { usage } = deps;
  server.get(
    '/api/v1/usage/summary',
    {
      config: queryRule,
      schema: {
        operationId: 'getUsage',
        summary: 'Get the last session, and the number of sessions today and in total',
        tags,
        querystring: FilterQuery,
        response: { 200: Summary },
        errors: [...readErrors],
      },
    },
    (request) => usage.summary(filterOf(request, deps), request.query.timeZone ?? 'UTC'),
  );
}

function registerLists(server: HttpServer, deps: UsageRoutesDeps, endpointDeps: EndpointDeps): void {
  const { usage } = deps;
  const { answers } = endpointDeps;
  server.get(
    '/api/v1/usage/configurations',
    {
      config: queryRule,
      schema: {
        operationId: 'listUsageByConfiguration',
        summary: 'List usage by token configuration, most used first',
        tags,
        querystring: ListQuery,
        response: { 200: configurationsOrTable(ConfigurationList) },
        answerHeaders: tableHeaders,
        errors: [...readErrors, usageErrors.cursor_expired],
      },
    },
    (request, reply) => {
      const [filter, list] = [filterOf(request, deps), listOf(request.query)];
      return answerOrTable(
        endpointDeps,
        { request, reply },
        () => usage.configurations(filter, list),
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
        tags,
        querystring: ListQuery,
        response: { 200: tagsOrTable(TagList) },
        answerHeaders: tableHeaders,
        errors: [...readErrors, usageErrors.cursor_expired],
      },
    },
    (request, reply) => {
      const [filter, list] = [filterOf(request, deps), listOf(request.query)];
      return answerOrTable(
        endpointDeps,
        { request, reply },
        () => usage.tags(filter, list),
        () => tagTable(answers, filter, list),
      );
    },
  );
}

function registerTag(server: HttpServer, deps: UsageRoutesDeps): void {
  const { usage } = deps;
  server.get(
    '/api/v1/usage/tags/:tag',
    {
      config: queryRule,
      schema: {
        operationId: 'getUsageOfTag',
        summary: 'Get the usage of one tracking tag',
        tags,
        params: TagName,
        querystring: TagQuery,
        response: { 200: OneTag },
        errors: [...readErrors],
      },
    },
    async (request) => {
      const tag = request.params.tag.normalize('NFC');
      const filter = { ...filterOf(request, deps), tags: [tag] };
      return { tag, ...(await usage.summary(filter, request.query.timeZone ?? 'UTC')) };
    },
  );
}

function registerConfigurationWindow(server: HttpServer, deps: UsageRoutesDeps): void {
  const { usage, organisationOf, configurationName } = deps;
  server.get(
    '/api/v1/web-access-tokens/configurations/:id/usage',
    {
      config: { access: { scope: 'tokens:read' }, isUsageQuery: true },
      schema: {
        operationId: 'getUsageOfConfiguration',
        summary: 'Get the usage of one token configuration',
        tags,
        params: WindowId,
        querystring: WindowQuery,
        response: { 200: ConfigurationWindow },
        errors: [...readErrors, tokenErrors.configuration_not_found],
      },
    },
    async (request) => {
      const { id } = request.params;
      const { name } = await configurationName(id, organisationOf(request));
      const filter = { ...filterOf(request, deps), configurationIds: [id] };
      return { configurationId: id, name, ...(await usage.summary(filter, request.query.timeZone ?? 'UTC')) };
    },
  );
}
