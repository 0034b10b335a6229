import { Type } from 'typebox';
import {
  decodeCursor,
  encodeCursor,
  NextCursor,
  pagingParameters,
} from '../../platform/http/routes/paging.ts';
import { NameText, strict, withExample } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { tokenErrors } from '../declarations/errors.ts';
import {
  answerOf,
  configurationsPath as base,
  Configuration,
  configurationExample,
  ConfigurationId as Id,
  configurationTags as tags,
} from './configuration-answers.ts';
import { type KeyRoutesDeps, registerKeyRoutes } from './key-routes.ts';

const ConfigurationList = Type.Object(
  {
    items: Type.Array(Configuration),
    nextCursor: NextCursor,
  },
  { title: 'ConfigurationList', examples: [{ items: [configurationExample], nextCursor: null }] },
);
const ConfigurationChange = Type.Object(
  { name: Type.Optional(NameText), enabled: Type.Optional(Type.Boolean()) },
  {
    ...{ ...strict, minProperties: 1, title: 'ConfigurationChange' },
    examples: [{ name: 'Partner dashboards', enabled: false }],
  },
);
const ChangedConfiguration = withExample(Configuration, {
  ...configurationExample,
  ...{ name: 'Partner dashboards', enabled: false },
});

/** Registers the token configuration routes (docs/reference/http-api.md). */
export function registerTokenRoutes(server: HttpServer, deps: KeyRoutesDeps): void {
  registerKeyRoutes(server, deps);
  registerReading(server, deps);
  registerChanges(server, deps);
}

const read = { access: { scope: 'tokens:read' } } as const;
const write = { access: { scope: 'tokens:write' } } as const;

function registerReading(server: HttpServer, { configurations, organisationOf }: KeyRoutesDeps): void {
  server.get(
    base,
    {
      config: read,
      schema: {
        operationId: 'listConfigurations',
        summary: 'List token configurations, newest first',
        tags,
        querystring: Type.Object(pagingParameters, strict),
        response: { 200: ConfigurationList },
      },
    },
    async (request) => {
      const { limit = 50, cursor } = request.query;
      const after = cursor === undefined ? undefined : decodePageStart(cursor);
      const rows = await configurations.list(organisationOf(request), limit + 1, after);
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      const hasMore = rows.length > limit && last !== undefined;
      return {
        items: items.map(answerOf),
        nextCursor: hasMore ? encodeCursor(last.createdAtMs, last.id) : null,
      };
    },
  );

  server.get(
    `${base}/:id`,
    {
      config: read,
      schema: {
        operationId: 'getConfiguration',
        summary: 'Get a token configuration',
        tags,
        params: Id,
        querystring: Type.Object({}, strict),
        response: { 200: withExample(Configuration, configurationExample) },
        errors: [tokenErrors.configuration_not_found],
      },
    },
    async (request) => answerOf(await configurations.get(request.params.id, organisationOf(request))),
  );
}

function registerChanges(server: HttpServer, { configurations, organisationOf }: KeyRoutesDeps): void {
  server.patch(
    `${base}/:id`,
    {
      config: write,
      schema: {
        operationId: 'changeConfiguration',
        summary: 'Rename, enable or disable a token configuration',
        tags,
        params: Id,
        querystring: Type.Object({}, strict),
        body: ConfigurationChange,
        response: { 200: ChangedConfiguration },
        errors: [tokenErrors.configuration_not_found],
      },
    },
    async (request) =>
      answerOf(await configurations.change(request.params.id, request.body, organisationOf(request))),
  );

  server.delete(
    `${base}/:id`,
    {
      config: write,
      schema: {
        operationId: 'deleteConfiguration',
        summary: 'Delete a token configuration. Its tokens are rejected, and its usage remains',
        tags,
        params: Id,
        querystring: Type.Object({}, strict),
        response: { 204: Type.Null() },
        errors: [tokenErrors.configuration_not_found],
      },
    },
    async (request, reply) => {
      await configurations.delete(request.params.id, organisationOf(request));
      reply.code(204);
      return null;
    },
  );
}

function decodePageStart(cursor: string) {
  const [createdAtMs, id] = decodeCursor(cursor);
  return { createdAtMs, id };
}
