import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Clock } from '../platform/clock.ts';
import type { ControlStore } from '../platform/control-store/schema.ts';
import { pagingParameters, readPage } from '../platform/http/paging.ts';
import { NoQuery, strict, toInstant, toInstantOrNull } from '../platform/http/schemas.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { ApiTokenChanges } from './api-token-changes.ts';
import { type ApiToken, statusAt } from './api-token-life.ts';
import type { ApiTokenLog } from './api-token-log.ts';
import type { LoggedActivity } from './api-token-log-rows.ts';
import { listApiTokens } from './api-token-rows.ts';
import * as schema from './api-token-schemas.ts';
import { principalOf } from './guard.ts';
import { defaultOrganisationId } from './organisations.ts';
import type { Principal } from './principal.ts';

export interface ApiTokenRoutesDeps {
  readonly store: ControlStore;
  readonly tokenChanges: ApiTokenChanges;
  readonly tokenLog: ApiTokenLog;
  readonly clock: Clock;
}

const base = '/api/v1/api-tokens';
const config = { access: { scope: 'admin' } } as const;
const tags = ['API tokens'];

/** API access tokens, for those with the scope `admin` (docs/api-tokens.md). */
export function registerApiTokenRoutes(server: HttpServer, deps: ApiTokenRoutesDeps): void {
  registerReading(server, deps);
  registerChanges(server, deps);
  registerLife(server, deps);
}

function registerReading(
  server: HttpServer,
  { store, tokenChanges, tokenLog, clock }: ApiTokenRoutesDeps,
): void {
  server.get(
    base,
    {
      config,
      schema: {
        summary: 'API tokens, newest first; revoked ones too',
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

  server.get(
    `${base}/:id`,
    {
      config,
      schema: {
        summary: 'One API token',
        tags,
        params: schema.Id,
        querystring: NoQuery,
        response: { 200: schema.Token },
      },
    },
    async (request) => toAnswer(await tokenChanges.get(request.params.id, principalOf(request)), clock),
  );

  server.get(
    `${base}/:id/log`,
    {
      config,
      schema: {
        summary: 'What was done to an API token, and every authentication with it; newest first',
        tags,
        params: schema.Id,
        querystring: Type.Object(pagingParameters, strict),
        response: { 200: schema.ActivityList },
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

function registerChanges(server: HttpServer, { tokenChanges, clock }: ApiTokenRoutesDeps): void {
  server.post(
    base,
    {
      config,
      schema: {
        summary: 'Make an API token; it has no secret until it is generated',
        tags,
        querystring: NoQuery,
        body: schema.NewToken,
        response: { 201: schema.Token },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const organisationId = wantedOrganisation(request.body.organisationId, principal);
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
        summary: 'Change name, scopes or expiry',
        tags,
        params: schema.Id,
        querystring: NoQuery,
        body: schema.TokenChange,
        response: { 200: schema.Token },
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
        summary: 'A new secret, told this once; the old one stops at once',
        tags,
        params: schema.Id,
        querystring: NoQuery,
        response: { 200: schema.Generated },
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
        summary: 'End an API token for ever',
        tags,
        params: schema.Id,
        querystring: NoQuery,
        response: { 200: schema.Token },
      },
    },
    async (request) => toAnswer(await tokenChanges.revoke(...bare(request)), clock),
  );
}

/** Left out: the maker's own organisation, and `default` for who has all. Null: all of them. */
function wantedOrganisation(wanted: string | null | undefined, maker: Principal): string | undefined {
  if (wanted === undefined) return maker.organisationId ?? defaultOrganisationId;
  return wanted ?? undefined;
}

function toAnswer(token: ApiToken, clock: Clock) {
  return {
    id: token.id,
    name: token.name,
    scopes: [...token.scopes],
    organisationId: token.organisationId ?? null,
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
