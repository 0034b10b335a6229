import type { FastifyRequest } from 'fastify';
import { type TSchema, Type } from 'typebox';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { decodeCursor, encodeCursor, NextCursor, pagingParameters } from '../../platform/http/paging.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { DirectoryResource } from './directory.ts';
import type { DirectoryKind, DirectoryStore } from './directory-store.ts';

export interface DirectoryRoutesDeps {
  readonly directory: DirectoryStore;
  readonly clock: Clock;
  /** Where a request's things belong. */
  readonly homeOrganisationOf: (request: FastifyRequest) => string;
}

const strict = { additionalProperties: false };
const NoQuery = Type.Object({}, strict);
const tags = ['directory'];
const maxItems = 1000;

const noControls = '[^\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff]';
const Id = Type.String({
  ...{ minLength: 1, maxLength: 1024, pattern: `^${noControls}*$` },
  description: 'As tokens name it: in `sub`, or in `grants.res`',
});
const DataSources = Type.Array(Type.String({ minLength: 1, maxLength: 256, pattern: `^${noControls}*$` }), {
  maxItems: 100,
  description: 'Titles of the data sources that it shows',
});
const Subject = Type.Object({ id: Id }, { ...strict, title: 'Subject' });
const Resource = Type.Object(
  { id: Id, dataSources: Type.Optional(DataSources) },
  { ...strict, title: 'Resource' },
);
const Registered = Type.Object(
  { upserted: Type.Integer({ description: 'New and replaced ones' }) },
  { title: 'DirectoryRegistered' },
);
const Deletion = Type.Object(
  { ids: Type.Array(Id, { minItems: 1, maxItems }) },
  { ...strict, title: 'DirectoryDeletion' },
);
const Deleted = Type.Object(
  { deleted: Type.Integer({ description: 'Those that were there' }) },
  { title: 'DirectoryDeleted' },
);
type Item = { readonly id: string; readonly dataSources?: readonly string[] };

/** What the application knows, registered by it: viewers and resources (docs/reference/tokens.md). */
export function registerDirectoryRoutes(server: HttpServer, deps: DirectoryRoutesDeps): void {
  registerKind(server, deps, 'subjects', Subject);
  registerKind(server, deps, 'resources', Resource);
}

function registerKind(
  server: HttpServer,
  deps: DirectoryRoutesDeps,
  kind: DirectoryKind,
  item: TSchema,
): void {
  const { directory, clock, homeOrganisationOf } = deps;
  const path = `/api/v1/directory/${kind}`;
  const noun = kind === 'subjects' ? 'Subject' : 'Resource';
  const write = { access: { scope: 'tokens:write' } } as const;

  server.get(
    path,
    {
      config: { access: { scope: 'tokens:read' } },
      schema: {
        summary: `Registered ${kind}, by id`,
        tags,
        querystring: Type.Object(pagingParameters, strict),
        response: {
          200: Type.Object({ items: Type.Array(item), nextCursor: NextCursor }, { title: `${noun}List` }),
        },
      },
    },
    async (request) => {
      const { limit = 50, cursor } = request.query;
      const after = cursor === undefined ? undefined : decodeCursor(cursor)[1];
      const found = await directory.list(kind, homeOrganisationOf(request), limit + 1, after);
      const items = found.slice(0, limit).map((one) => answerOf(kind, one));
      const last = items.at(-1);
      const more = found.length > limit && last !== undefined;
      return { items, nextCursor: more ? encodeCursor(0, last.id) : null };
    },
  );

  server.post(
    path,
    {
      config: write,
      schema: {
        summary: `Register ${kind}: adds new ones and replaces those of the same id, all or none`,
        tags,
        querystring: NoQuery,
        body: Type.Object(
          { items: Type.Unsafe<Item[]>(Type.Array(item, { minItems: 1, maxItems })) },
          { ...strict, title: `New${noun}s` },
        ),
        response: { 200: Registered },
      },
    },
    async (request) => {
      const items = request.body.items.map(({ id, dataSources = [] }) => ({ id, dataSources }));
      await directory.upsert(kind, homeOrganisationOf(request), items, clock.nowMs());
      return { upserted: new Set(items.map(({ id }) => id)).size };
    },
  );

  server.post(
    `${path}/delete`,
    {
      config: write,
      schema: {
        summary: `Take many ${kind} off the directory`,
        tags,
        querystring: NoQuery,
        body: Deletion,
        response: { 200: Deleted },
      },
    },
    async (request) => ({
      deleted: await directory.delete(kind, homeOrganisationOf(request), request.body.ids),
    }),
  );

  server.delete(
    `${path}/:id`,
    {
      config: write,
      schema: {
        summary: `Take one off the ${kind}; a slash in its id is written %2F`,
        tags,
        params: Type.Object({ id: Type.String({ maxLength: 1024 }) }),
        querystring: NoQuery,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const deleted = await directory.delete(kind, homeOrganisationOf(request), [request.params.id]);
      if (deleted === 0) throw new AppError('not_found', { detail: 'Nothing of this id is registered.' });
      reply.code(204);
      return null;
    },
  );
}

function answerOf(kind: DirectoryKind, { id, dataSources }: DirectoryResource) {
  return kind === 'subjects' ? { id } : { id, dataSources: [...dataSources] };
}
