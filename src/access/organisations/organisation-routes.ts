import { Type } from 'typebox';
import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { NextCursor, pagingParameters, readPage } from '../../platform/http/routes/paging.ts';
import { locationHeader } from '../../platform/http/routes/route-schema.ts';
import {
  Instant,
  NameText,
  NoQuery,
  strict,
  toInstant,
  withExample,
} from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { accessErrors } from '../declarations/errors.ts';
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
const example = { id: '0c4d8e1f6a2b9375', name: 'Contoso', createdAt: '2026-11-21T09:00:00.000Z' };
const OrganisationList = Type.Object(
  { items: Type.Array(OrganisationAnswer), nextCursor: NextCursor },
  { title: 'OrganisationList', examples: [{ items: [example], nextCursor: null }] },
);
const NewOrganisation = Type.Object(
  { name: NameText },
  { ...strict, title: 'NewOrganisation', examples: [{ name: 'Contoso' }] },
);

/**
 * Registers the organisation routes. Creating an organisation needs an API token for all organisations. An API token
 * of one organisation can list only that organisation.
 */
export function registerOrganisationRoutes(server: HttpServer, organisations: Organisations): void {
  server.post(
    base,
    {
      config,
      schema: {
        operationId: 'createOrganisation',
        summary: 'Create an organisation',
        description: 'Needs an API token with access to all organisations.',
        tags,
        querystring: NoQuery,
        body: NewOrganisation,
        response: { 201: withExample(OrganisationAnswer, example) },
        answerHeaders: [locationHeader],
        errors: [accessErrors.all_organisations_needed, platformErrors.name_taken],
      },
    },
    async (request, reply) => {
      requireAll(principalOf(request));
      const organisation = await organisations.create(request.body.name);
      reply.code(201).header('location', `${base}/${organisation.id}`);
      return toAnswer(organisation);
    },
  );

  server.get(
    base,
    {
      config,
      schema: {
        operationId: 'listOrganisations',
        summary: 'List organisations, newest first',
        tags,
        querystring: Type.Object(pagingParameters, strict),
        response: { 200: OrganisationList },
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

/**
 * Throws unless the principal has all organisations.
 * @throws AppError `all_organisations_needed`.
 */
export function requireAll({ organisationId }: Principal): void {
  if (organisationId === undefined) return;
  throw new AppError(accessErrors.all_organisations_needed, {
    detail: 'This request affects the whole installation, but your API token belongs to one organisation.',
  });
}

function toAnswer({ id, name, createdAtMs }: Organisation) {
  return { id, name, createdAt: toInstant(createdAtMs) };
}
