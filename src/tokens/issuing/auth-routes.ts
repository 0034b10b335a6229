import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { NoQuery, toInstant } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { toEpochMs } from '../configurations/request-instants.ts';
import type { TokenScope } from '../configurations/token-scope.ts';
import { tokenErrors } from '../declarations/errors.ts';
import type { RevocationService, RevocationTarget } from '../revocation/revocation-service.ts';
import { NewRevocation, RequestedToken, Revocation, TokenRequest, tokensWithoutIat } from './auth-schemas.ts';
import type { TokenRequests } from './token-requests.ts';

export interface AuthRoutesDeps {
  readonly requests: TokenRequests;
  readonly revocationService: RevocationService;
  /** Returns which tokens the caller may request and revoke. */
  readonly tokenScopeOf: (request: FastifyRequest) => TokenScope;
  /** Returns the id of the API token that authenticates a request. */
  readonly tokenIdOf: (request: FastifyRequest) => string;
}

const base = '/api/v1/auth/token';
const tags = ['token request service'];
const access = { scope: 'tokens:request' } as const;

/** Registers the routes with which back ends request and revoke tokens (docs/reference/revocation.md). */
export function registerAuthRoutes(server: HttpServer, deps: AuthRoutesDeps): void {
  registerRequest(server, deps);
  registerRevoke(server, deps);
}

function registerRequest(server: HttpServer, { requests, tokenScopeOf }: AuthRoutesDeps): void {
  server.post(
    base,
    {
      config: { access, isAuditedLater: true },
      schema: {
        operationId: 'requestToken',
        summary: 'Create a short-lived token for a viewer',
        tags,
        querystring: NoQuery,
        body: TokenRequest,
        response: { 200: RequestedToken },
        errors: [
          tokenErrors.configuration_not_found,
          tokenErrors.configuration_disabled,
          tokenErrors.payload_invalid,
        ],
      },
    },
    async (request, reply) => {
      const { configurationId, sub, validityTimeInSec, ...claims } = request.body;
      const requested = await requests.request(
        { configurationId, sub, validityTimeInSec, claims },
        tokenScopeOf(request),
      );
      request.auditNote = { target: configurationId, organisationId: requested.organisationId };
      reply.header('cache-control', 'no-store');
      return {
        token: requested.token,
        creationTime: toInstant(requested.createdAtMs),
        expirationTime: toInstant(requested.expiresAtMs),
        validForSubject: requested.subject,
        ...{ configurationId, organisationId: requested.organisationId },
      };
    },
  );
}

function registerRevoke(
  server: HttpServer,
  { revocationService, tokenScopeOf, tokenIdOf }: AuthRoutesDeps,
): void {
  server.post(
    `${base}/revoke`,
    {
      config: { access },
      schema: {
        operationId: 'revokeToken',
        summary: 'Revoke one token, all tokens of a viewer, or all tokens of a configuration',
        description:
          'Takes effect in this process before the response, and in all processes within 2 seconds. Without `token`, it covers the tokens whose `iat` is not later than the revocation, and those without `iat`. A revocation is permanent, unless it has `until` or is deleted under /api/v1/auth/revocations. Repeating it is safe.',
        tags,
        querystring: NoQuery,
        body: NewRevocation,
        response: { 200: Revocation },
        errors: [tokenErrors.web_access_token_not_found, tokenErrors.configuration_not_found],
      },
    },
    async (request) => {
      const target = targetOf(request.body);
      const { endSessions, until } = request.body;
      const { revocation, organisationId } = await revocationService.revoke(
        target,
        endSessions,
        tokenScopeOf(request),
        {
          ...(until !== undefined && { untilMs: toEpochMs(until) }),
          revokedBy: `api-token:${tokenIdOf(request)}`,
        },
      );
      const { kind, digest, configurationId, revokedAtMs } = revocation;
      request.auditNote = {
        ...{ target: configurationId, organisationId },
        // The audit log contains the digest of a revoked token, which does not reveal the token. The log does not
        // contain the name of a viewer, because the name is a claim.
        details: { of: kind, ...(kind === 'token' && { tokenDigest: digest }) },
      };
      return {
        revokedAt: toInstant(revokedAtMs),
        ...(kind !== 'token' && { warnings: [tokensWithoutIat] }),
      };
    },
  );
}

function targetOf({ token, configurationId, sub: subject }: Static<typeof NewRevocation>): RevocationTarget {
  if (token !== undefined && configurationId === undefined && subject === undefined) return { token };
  if (token === undefined && configurationId !== undefined) return { configurationId, subject };
  const message = 'must have either token, or configurationId, or configurationId and sub';
  throw new AppError(platformErrors.invalid_request, { faults: [{ path: '', message }] });
}
