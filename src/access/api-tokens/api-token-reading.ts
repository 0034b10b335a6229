import { Type } from 'typebox';
import type { Clock } from '../../platform/clock.ts';
import { pagingParameters, readPage } from '../../platform/http/routes/paging.ts';
import { NoQuery, strict, toInstant, toInstantOrNull } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { accessErrors } from '../declarations/errors.ts';
import type { AccessStore } from '../declarations/tables.ts';
import { principalOf } from '../principal/principal.ts';
import type { ApiTokenChanges } from './api-token-changes.ts';
import { type ApiToken, statusAt } from './api-token-life.ts';
import type { ApiTokenLog } from './api-token-log.ts';
import type { LoggedActivity } from './api-token-log-rows.ts';
import { listApiTokens } from './api-token-rows.ts';
import * as schema from './api-token-schemas.ts';

export interface ApiTokenRoutesDeps {
  readonly store: AccessStore;
  readonly tokenChanges: ApiTokenChanges;
  readonly tokenLog: ApiTokenLog;
  readonly clock: Clock;
}

/** Path, configuration and OpenAPI tags that all API token routes share. */
export const apiTokenRoute = {
  base: '/api/v1/api-tokens',
  config: { access: { scope: 'admin' } },
  tags: ['API tokens'] as string[],
} as const;

const { base, config, tags } = apiTokenRoute;

/**
 * Registers the routes that list API tokens and return a token or its log. Responses include the authentications that
 * this process has buffered.
 */
export function registerApiTokenReading(server: HttpServer, deps: ApiTokenRoutesDeps): void {
  registerList(server, deps);
  registerOne(server, deps);
  registerLog(server, deps);
}

function registerList(server: HttpServer, { store, tokenLog, clock }: ApiTokenRoutesDeps): void {
  server.get(
    base,
    {
      config,
      schema: {
        operationId: 'listApiTokens',
        summary: 'List API tokens, newest first, including revoked ones',
        tags,
        querystring: Type.Object(pagingParameters, strict),
        response: { 200: schema.TokenList },
      },
    },
    async (request) => {
      await tokenLog.flush();
      const { organisationId } = principalOf(request);
      return readPage(
        request.query,
        (limit, after) => listApiTokens(store, organisationId, limit, after),
        (token) => [token.createdAtMs, token.id],
        (token) => toAnswer(token, clock),
      );
    },
  );
}

function registerOne(server: HttpServer, { tokenChanges, clock }: ApiTokenRoutesDeps): void {
  server.get(
    `${base}/:id`,
    {
      config,
      schema: {
        operationId: 'getApiToken',
        summary: 'Get an API token',
        tags,
        params: schema.Id,
        querystring: NoQuery,
        response: { 200: schema.UsedToken },
        errors: [accessErrors.api_token_not_found],
      },
    },
    async (request) => toAnswer(await tokenChanges.get(request.params.id, principalOf(request)), clock),
  );
}

function registerLog(server: HttpServer, { tokenChanges, tokenLog }: ApiTokenRoutesDeps): void {
  server.get(
    `${base}/:id/log`,
    {
      config,
      schema: {
        operationId: 'getApiTokenLog',
        summary: 'List the changes of an API token and the authentications with it, newest first',
        tags,
        params: schema.Id,
        querystring: Type.Object(pagingParameters, strict),
        response: { 200: schema.ActivityList },
        errors: [accessErrors.api_token_not_found],
      },
    },
    async (request) => {
      const { id } = await tokenChanges.get(request.params.id, principalOf(request));
      return readPage(
        request.query,
        (limit, after) => tokenLog.list(id, limit, after),
        (activity) => [activity.atMs, activity.id],
        toLine,
      );
    },
  );
}

/** Converts an API token to its API representation. */
export function toAnswer(token: ApiToken, clock: Clock) {
  return {
    id: token.id,
    name: token.name,
    scopes: [...token.scopes],
    organisationId: token.organisationId ?? null,
    configurationIds: token.configurationIds ? [...token.configurationIds] : null,
    expiresIn: token.expiresIn,
    status: statusAt(token, clock.nowMs()),
    createdAt: toInstant(token.createdAtMs),
    generatedAt: toInstantOrNull(token.generatedAtMs),
    expiresAt: toInstantOrNull(token.expiresAtMs),
    lastUsedAt: toInstantOrNull(token.lastUsedAtMs),
  };
}

function toLine({ tokenName, activity, atMs, activityBy, result }: LoggedActivity) {
  return {
    ...{ tokenName, activity, activityBy },
    activityOn: toInstant(atMs),
    authenticationResult: result ?? null,
  };
}
