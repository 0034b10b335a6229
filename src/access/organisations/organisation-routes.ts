import { Type } from 'typebox';
import { AppError } from '../../platform/errors/errors.ts';
import { NextCursor, pagingParameters, readPage } from '../../platform/http/paging.ts';
import { Instant, NameText, NoQuery, strict, toInstant } from '../../platform/http/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { Principal } from '../principal/principal.ts';
import { principalOf } from '../principal/principal.ts';
import type { Organisation, Organisations } from './organisations.ts';

const base = '/api/v1/organisations';
const config = { access: { scope: 'admin' } } as const;
const tags = ['organisations'];
const OrganisationAnswer = Type.Object(
  { id: Type.String(), name: Type.String(), createdAt: Instant },
  { title: 'Organisation' },
);

/** Organisations: made by those of all of them; who is of one sees that one. */
export function registerOrganisationRoutes(server: HttpServer, organisations: Organisations): void {
  server.post(
    base,
    {
      config,
      schema: {
        summary: 'Make an organisation',
        description: 'For API tokens of all organisations.',
        tags,
        querystring: NoQuery,
        body: Type.Object({ name: NameText }, { ...strict, title: 'NewOrganisation' }),
        response: { 201: OrganisationAnswer },
      },
    },
    async (request, reply) => {
      requireAll(principalOf(request));
      const made = await organisations.create(request.body.name);
      reply.code(201).header('location', `${base}/${made.id}`);
      return toAnswer(made);
    },
  );

  server.get(
    base,
    {
      config,
      schema: {
        summary: 'Organisations, newest first',
        tags,
        querystring: Type.Object(pagingParameters, strict),
        response: {
          200: Type.Object(
            { items: Type.Array(OrganisationAnswer), nextCursor: NextCursor },
            { title: 'OrganisationList' },
          ),
        },
      },
    },
    async (request) =>
      readPage(
        request.query,
        (limit, after) => organisations.list(principalOf(request).organisationId, limit, after),
        ({ createdAtMs, id }) => [createdAtMs, id],
        toAnswer,
      ),
  );
}

/** For what is about the whole installation. @throws AppError `all_organisations_needed`. */
export function requireAll({ organisationId }: Principal): void {
  if (organisationId === undefined) return;
  throw new AppError('all_organisations_needed', {
    detail: 'This is about the whole installation; your API token is of one organisation.',
  });
}

function toAnswer({ id, name, createdAtMs }: Organisation) {
  return { id, name, createdAt: toInstant(createdAtMs) };
}
