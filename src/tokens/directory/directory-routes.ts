import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { decodeCursor, encodeCursor, pagingParameters } from '../../platform/http/routes/paging.ts';
import { NoQuery, strict } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { DirectoryResource } from './directory.ts';
import { Deleted, directorySchemas, Registered } from './directory-schemas.ts';
import type { DirectoryKind, DirectoryStore } from './directory-store.ts';

export interface DirectoryRoutesDeps {
  readonly directory: DirectoryStore;
  readonly clock: Clock;
  /** Returns the organisation whose entries a request reads or changes. */
  readonly homeOrganisationOf: (request: FastifyRequest) => string;
}

const tags = ['directory'];
const write = { scope: 'tokens:write' } as const;

/** Registers the routes with which an application registers its viewers and resources (docs/reference/tokens.md). */
export function registerDirectoryRoutes(server: HttpServer, deps: DirectoryRoutesDeps): void {
  for (const kind of ['subjects', 'resources'] as const) {
    registerList(server, deps, kind);
    registerChanges(server, deps, kind);
    registerRemoval(server, deps, kind);
  }
}

function registerList(server: HttpServer, deps: DirectoryRoutesDeps, kind: DirectoryKind): void {
  const { directory, homeOrganisationOf } = deps;
  const { noun, List } = directorySchemas(kind);
  server.get(
    pathOf(kind),
    {
      config: { access: { scope: 'tokens:read' } },
      schema: {
        operationId: `list${noun}s`,
        summary: `List registered ${kind} by id`,
        tags,
        querystring: Type.Object(pagingParameters, strict),
        response: { 200: List },
      },
    },
    async (request) => {
      const { limit = 50, cursor } = request.query;
      const after = cursor === undefined ? undefined : decodeCursor(cursor)[1];
      const rows = await directory.list(kind, homeOrganisationOf(request), limit + 1, after);
      const items = rows.slice(0, limit).map((row) => answerOf(kind, row));
      const last = items.at(-1);
      const hasMore = rows.length > limit && last !== undefined;
      return { items, nextCursor: hasMore ? encodeCursor(0, last.id) : null };
    },
  );
}

function registerChanges(server: HttpServer, deps: DirectoryRoutesDeps, kind: DirectoryKind): void {
  const { directory, clock, homeOrganisationOf } = deps;
  const { noun, NewItems, Deletion } = directorySchemas(kind);
  server.post(
    pathOf(kind),
    {
      config: { access: write },
      schema: {
        operationId: `register${noun}s`,
        summary: `Register ${kind}. Entries with the same id are replaced. All entries are stored, or none`,
        tags,
        querystring: NoQuery,
        body: NewItems,
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
    `${pathOf(kind)}/delete`,
    {
      config: { access: write },
      schema: {
        operationId: `delete${noun}s`,
        summary: `Delete ${kind} from the directory`,
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
}

function registerRemoval(server: HttpServer, deps: DirectoryRoutesDeps, kind: DirectoryKind): void {
  const { directory, homeOrganisationOf } = deps;
  const { noun, Id } = directorySchemas(kind);
  server.delete(
    `${pathOf(kind)}/:id`,
    {
      config: { access: write },
      schema: {
        operationId: `delete${noun}`,
        summary: `Delete a ${noun.toLowerCase()} from the directory. Encode a slash in its id as %2F`,
        tags,
        params: Id,
        querystring: NoQuery,
        response: { 204: Type.Null() },
        errors: [platformErrors.not_found],
      },
    },
    async (request, reply) => {
      const deleted = await directory.delete(kind, homeOrganisationOf(request), [request.params.id]);
      if (deleted === 0)
        throw new AppError(platformErrors.not_found, { detail: 'No entry with this id is registered.' });
      reply.code(204);
      return null;
    },
  );
}

function pathOf(kind: DirectoryKind): string {
  return `/api/v1/directory/${kind}`;
}

function answerOf(kind: DirectoryKind, { id, dataSources }: DirectoryResource) {
  return kind === 'subjects' ? { id } : { id, dataSources: [...dataSources] };
}
