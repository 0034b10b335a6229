import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { decodeCursor, encodeCursor, pagingParameters } from '../platform/http/paging.ts';
import { NameText, strict } from '../platform/http/schemas.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { TokenConfiguration } from './configuration-store.ts';
import type { Configurations } from './configurations.ts';

export interface TokenRoutesDeps {
  readonly configurations: Configurations;
  /** Which organisation a request may see; undefined: all. */
  readonly organisationOf: (request: FastifyRequest) => string | undefined;
  /** Where a request's new things belong. */
  readonly homeOrganisationOf: (request: FastifyRequest) => string;
}

const base = '/api/v1/web-access-tokens/configurations';

const members = {
  id: Type.String({ description: 'The kid of its tokens: 24 hex digits' }),
  name: Type.String(),
  enabled: Type.Boolean(),
  createdAt: Type.String({ format: 'date-time' }),
};
const Configuration = Type.Object(members, { title: 'Configuration' });
const CreatedConfiguration = Type.Object(
  {
    ...members,
    publicKey: Type.String({ description: 'SPKI PEM. It makes tokens: keep it secret. Only in this answer' }),
  },
  { title: 'CreatedConfiguration' },
);
const ConfigurationList = Type.Object({
  items: Type.Array(Configuration),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
});
const Id = Type.Object({ id: Type.String({ maxLength: 64 }) });

/** Token configurations (docs/http-api.md). */
export function registerTokenRoutes(server: HttpServer, deps: TokenRoutesDeps): void {
  const { configurations, organisationOf, homeOrganisationOf } = deps;
  const read = { access: { scope: 'tokens:read' } } as const;
  const write = { access: { scope: 'tokens:write' } } as const;
  const tags = ['token configurations'];

  server.post(
    base,
    {
      config: write,
      schema: {
        summary: 'Make a token configuration',
        tags,
        body: Type.Object({ name: NameText }, strict),
        querystring: Type.Object({}, strict),
        response: { 201: CreatedConfiguration },
      },
    },
    async (request, reply) => {
      const { name } = request.body;
      const { configuration, publicKeyPem } = await configurations.create(name, homeOrganisationOf(request));
      reply.code(201).header('cache-control', 'no-store').header('location', `${base}/${configuration.id}`);
      return { ...answerOf(configuration), publicKey: publicKeyPem };
    },
  );

  server.get(
    base,
    {
      config: read,
      schema: {
        summary: 'Token configurations, newest first',
        tags,
        querystring: Type.Object(pagingParameters, strict),
        response: { 200: ConfigurationList },
      },
    },
    async (request) => {
      const { limit = 50, cursor } = request.query;
      const after = cursor === undefined ? undefined : placeOf(cursor);
      const found = await configurations.list(organisationOf(request), limit + 1, after);
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const more = found.length > limit && last !== undefined;
      return {
        items: items.map(answerOf),
        nextCursor: more ? encodeCursor(last.createdAtMs, last.id) : null,
      };
    },
  );

  server.get(
    `${base}/:id`,
    {
      config: read,
      schema: {
        summary: 'One token configuration',
        tags,
        params: Id,
        querystring: Type.Object({}, strict),
        response: { 200: Configuration },
      },
    },
    async (request) => answerOf(await configurations.get(request.params.id, organisationOf(request))),
  );

  server.patch(
    `${base}/:id`,
    {
      config: write,
      schema: {
        summary: 'Rename, enable or disable',
        tags,
        params: Id,
        querystring: Type.Object({}, strict),
        body: Type.Object(
          { name: Type.Optional(NameText), enabled: Type.Optional(Type.Boolean()) },
          { ...strict, minProperties: 1 },
        ),
        response: { 200: Configuration },
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
        summary: 'Delete: its tokens stop, its history stays',
        tags,
        params: Id,
        querystring: Type.Object({}, strict),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await configurations.delete(request.params.id, organisationOf(request));
      reply.code(204);
      return null;
    },
  );
}

function answerOf({ id, name, enabled, createdAtMs }: TokenConfiguration) {
  return { id, name, enabled, createdAt: new Date(createdAtMs).toISOString() };
}

function placeOf(cursor: string) {
  const [createdAtMs, id] = decodeCursor(cursor);
  return { createdAtMs, id };
}
