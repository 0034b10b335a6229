import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { pagingParameters, readPage } from '../../platform/http/routes/paging.ts';
import { NoQuery, strict, toInstant, toInstantOrNull } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { TokenScope } from '../configurations/token-scope.ts';
import { tokenErrors } from '../declarations/errors.ts';
import type { ListedRevocation, RevocationList } from './revocation-list.ts';
import { RevocationId, RevocationPage } from './revocation-schemas.ts';

export interface RevocationRoutesDeps {
  readonly revocationList: RevocationList;
  /** Returns which tokens the caller may request and revoke. */
  readonly tokenScopeOf: (request: FastifyRequest) => TokenScope;
}

const path = '/api/v1/auth/revocations';
const tags = ['token request service'];
const config = { access: { scope: 'tokens:request' } } as const;

/** Registers the routes that list and end revocations (docs/reference/revocation.md). */
export function registerRevocationRoutes(server: HttpServer, deps: RevocationRoutesDeps): void {
  registerList(server, deps);
  registerEnd(server, deps);
}

function registerList(server: HttpServer, { revocationList, tokenScopeOf }: RevocationRoutesDeps): void {
  server.get(
    path,
    {
      config,
      schema: {
        operationId: 'listRevocations',
        summary: 'List the revocations that are in effect, newest first',
        description: 'The list does not contain revocations of expired tokens that were already removed.',
        tags,
        querystring: Type.Object(pagingParameters, strict),
        response: { 200: RevocationPage },
      },
    },
    async (request) =>
      readPage(
        request.query,
        (limit, after) => revocationList.list(tokenScopeOf(request), limit, after),
        ({ createdAtMs, id }) => [createdAtMs, id],
        toAnswer,
      ),
  );
}

function registerEnd(server: HttpServer, { revocationList, tokenScopeOf }: RevocationRoutesDeps): void {
  server.delete(
    `${path}/:id`,
    {
      config,
      schema: {
        operationId: 'endRevocation',
        summary: 'End a revocation, so that its tokens are valid again',
        description:
          'Takes effect in this process before the response, and in all processes within 2 seconds. Sessions that the revocation has ended stay ended. Tokens that have expired stay expired.',
        tags,
        params: RevocationId,
        querystring: NoQuery,
        response: { 204: Type.Null({ description: 'The revocation has ended' }) },
        errors: [tokenErrors.revocation_not_found],
      },
    },
    async (request, reply) => {
      const { id, organisationId, configurationId, kind } = await revocationList.end(
        request.params.id,
        tokenScopeOf(request),
      );
      request.auditNote = { target: id, organisationId, details: { of: kind, configurationId } };
      return reply.code(204).send(null);
    },
  );
}

function toAnswer(revocation: ListedRevocation) {
  const { id, kind, configurationId, organisationId, subject } = revocation;
  return {
    id,
    kind: kind === 'subject' ? 'viewer' : kind,
    ...{ configurationId, organisationId, subject: subject ?? null },
    revokedAt: toInstant(revocation.revokedAtMs),
    until: toInstantOrNull(revocation.untilMs),
    endSessions: revocation.sessionsEndedAtMs !== undefined,
    revokedBy: revocation.revokedBy ?? null,
  };
}
