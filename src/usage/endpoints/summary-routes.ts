import type { HttpServer } from '../../platform/http/server.ts';
import { tokenErrors } from '../../tokens/declarations/errors.ts';
import { answerSummary } from '../answers/summary.ts';
import { readMeasures } from '../measures/measures.ts';
import { type EndpointDeps, filterOf, queryRule, readErrors } from './endpoint.ts';
import {
  ConfigurationWindow,
  OneTag,
  Summary,
  SummaryQuery,
  TagName,
  TagQuery,
  WindowId,
  WindowQuery,
} from './schemas/summary-schemas.ts';

export interface ConfigurationRouteDeps extends EndpointDeps {
  /**
   * Returns the name of a configuration.
   * @throws AppError `configuration_not_found` if it does not exist or belongs to another organisation.
   */
  readonly configurationName: (id: string, organisationId: string | undefined) => Promise<{ name: string }>;
}

/** Registers the route that returns last use, sessions today and total for all sessions that match a filter. */
export function registerSummaryRoute(server: HttpServer, deps: EndpointDeps): void {
  const { answers, organisationOf } = deps;
  server.get(
    '/api/v1/usage/summary',
    {
      config: queryRule,
      schema: {
        operationId: 'getUsage',
        summary: 'Get the time of the last session, and the number of sessions today and in total',
        tags: ['usage'],
        querystring: SummaryQuery,
        response: { 200: Summary },
        errors: [...readErrors],
      },
    },
    (request) =>
      answerSummary(
        answers,
        filterOf(request.query, organisationOf(request)),
        request.query.timeZone ?? 'UTC',
        readMeasures(request.query.measures),
      ),
  );
}

/** Registers the route that returns last use, sessions today and total for one tag. */
export function registerTagRoute(server: HttpServer, deps: EndpointDeps): void {
  const { answers, organisationOf } = deps;
  server.get(
    '/api/v1/usage/tags/:tag',
    {
      config: queryRule,
      schema: {
        operationId: 'getUsageOfTag',
        summary: 'Get the usage of one tracking tag',
        tags: ['usage'],
        params: TagName,
        querystring: TagQuery,
        response: { 200: OneTag },
        errors: [...readErrors],
      },
    },
    async (request) => {
      const tag = request.params.tag.normalize('NFC');
      const filter = { ...filterOf(request.query, organisationOf(request)), tags: [tag] };
      return { tag, ...(await answerSummary(answers, filter, request.query.timeZone ?? 'UTC')) };
    },
  );
}

/** Registers the route that returns last use, sessions today and total for one configuration. */
export function registerConfigurationRoute(server: HttpServer, deps: ConfigurationRouteDeps): void {
  const { answers, organisationOf, configurationName } = deps;
  server.get(
    '/api/v1/web-access-tokens/configurations/:id/usage',
    {
      config: { access: { scope: 'tokens:read' }, isUsageQuery: true },
      schema: {
        operationId: 'getUsageOfConfiguration',
        summary: 'Get the usage of one token configuration',
        tags: ['usage'],
        params: WindowId,
        querystring: WindowQuery,
        response: { 200: ConfigurationWindow },
        errors: [...readErrors, tokenErrors.configuration_not_found],
      },
    },
    async (request) => {
      const { id } = request.params;
      const { name } = await configurationName(id, organisationOf(request));
      const filter = { ...filterOf({}, organisationOf(request)), configurationIds: [id] };
      return {
        configurationId: id,
        name,
        ...(await answerSummary(answers, filter, request.query.timeZone ?? 'UTC')),
      };
    },
  );
}
