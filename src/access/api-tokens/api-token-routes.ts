import type { FastifyRequest } from 'fastify';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { locationHeader } from '../../platform/http/routes/route-schema.ts';
import { NoQuery, toInstantOrNull } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { tokenErrors } from '../../tokens/declarations/errors.ts';
import { accessErrors } from '../declarations/errors.ts';
import { defaultOrganisationId } from '../organisations/organisations.ts';
import type { Principal } from '../principal/principal.ts';
import { principalOf } from '../principal/principal.ts';
import { statusAt } from './api-token-life.ts';
import {
  type ApiTokenRoutesDeps,
  apiTokenRoute,
  registerApiTokenReading,
  toAnswer,
} from './api-token-reading.ts';
import * as schema from './api-token-schemas.ts';

const { base, config, tags } = apiTokenRoute;

/** Registers the API token routes, which need the scope `admin` (docs/reference/api-tokens.md). */
export function registerApiTokenRoutes(server: HttpServer, deps: ApiTokenRoutesDeps): void {
  registerApiTokenReading(server, deps);
  registerChanges(server, deps);
  registerLife(server, deps);
}

function registerChanges(server: HttpServer, { tokenChanges, clock }: ApiTokenRoutesDeps): void {
  server.post(
    base,
    {
      config,
      schema: {
        operationId: 'createApiToken',
        summary: 'Create an API token. The generate operation creates its secret',
        tags,
        querystring: NoQuery,
        body: schema.NewToken,
        response: { 201: schema.CreatedToken },
        answerHeaders: [locationHeader],
        errors: [
          accessErrors.all_organisations_needed,
          accessErrors.organisation_not_found,
          tokenErrors.configuration_not_found,
          platformErrors.name_taken,
          accessErrors.bound_token_scopes,
        ],
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const organisationId = resolveOrganisation(request.body.organisationId, principal);
      const token = await tokenChanges.create({ ...request.body, organisationId }, principal);
      reply.code(201).header('location', `${base}/${token.id}`);
      return toAnswer(token, clock);
    },
  );

  server.patch(
    `${base}/:id`,
    {
      config,
      schema: {
        operationId: 'changeApiToken',
        summary: 'Change the name, scopes or expiry of an API token',
        tags,
        params: schema.Id,
        querystring: NoQuery,
        body: schema.TokenChange,
        response: { 200: schema.ChangedToken },
        errors: [
          accessErrors.api_token_not_found,
          accessErrors.api_token_revoked,
          platformErrors.name_taken,
          accessErrors.bound_token_scopes,
        ],
      },
    },
    async (request) =>
      toAnswer(await tokenChanges.update(request.params.id, request.body, principalOf(request)), clock),
  );
}

function registerLife(server: HttpServer, { tokenChanges, clock }: ApiTokenRoutesDeps): void {
  const bare = (request: FastifyRequest<{ Params: { id: string } }>) =>
    [request.params.id, principalOf(request)] as const;

  server.post(
    `${base}/:id/generate`,
    {
      config,
      schema: {
        operationId: 'generateApiToken',
        summary: 'Generate a new secret. Only this response contains it. The old secret stops at once',
        tags,
        params: schema.Id,
        querystring: NoQuery,
        response: { 200: schema.Generated },
        errors: [accessErrors.api_token_not_found, accessErrors.api_token_revoked],
      },
    },
    async (request, reply) => {
      const { token, text } = await tokenChanges.generate(...bare(request));
      reply.header('cache-control', 'no-store');
      const expiresAt = toInstantOrNull(token.expiresAtMs);
      return { token: text, expiresAt, status: statusAt(token, clock.nowMs()) };
    },
  );

  server.post(
    `${base}/:id/revoke`,
    {
      config,
      schema: {
        operationId: 'revokeApiToken',
        summary: 'Revoke an API token permanently',
        tags,
        params: schema.Id,
        querystring: NoQuery,
        response: { 200: schema.RevokedToken },
        errors: [accessErrors.api_token_not_found],
      },
    },
    async (request) => toAnswer(await tokenChanges.revoke(...bare(request)), clock),
  );
}

/**
 * Returns the organisation for a new token, or undefined for all organisations (`null` in the request). If the
 * request omits the organisation, the new token gets the organisation of the actor's token, or `default` if the actor
 * has all organisations.
 */
function resolveOrganisation(wanted: string | null | undefined, actor: Principal): string | undefined {
  if (wanted === undefined) return actor.organisationId ?? defaultOrganisationId;
  return wanted ?? undefined;
}
