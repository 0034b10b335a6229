import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { AppError } from '../../platform/errors/errors.ts';
import { Instant, NoQuery, strict, toInstant } from '../../platform/http/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { maxSubjectChars } from '../claims/claims.ts';
import type { Reach } from '../configurations/token-scope.ts';
import type { RevocationTarget, Revoking } from '../revocation/revocation-service.ts';
import type { TokenRequests } from './token-requests.ts';

export interface AuthRoutesDeps {
  readonly requests: TokenRequests;
  readonly revoking: Revoking;
  /** What whoever makes a request may ask for. */
  readonly reachOf: (request: FastifyRequest) => Reach;
}

const base = '/api/v1/auth/token';
const tags = ['token request service'];
const access = { scope: 'tokens:request' } as const;
const maxValidityS = 86_400;
const defaultValidityS = 300;

const Claim = (description: string) => Type.Optional(Type.Unknown({ description }));
const ConfigurationId = Type.String({ maxLength: 64, description: 'The id of a token configuration' });

const RequestBody = Type.Object(
  {
    configurationId: ConfigurationId,
    sub: Type.String({ description: `Who views: text of 1 to ${maxSubjectChars} characters` }),
    validityTimeInSec: Type.Integer({
      minimum: 1,
      maximum: maxValidityS,
      default: defaultValidityS,
      description: 'How long the token can be exchanged. It is never extended: request another one',
    }),
    grants: Claim('As in docs/claims.md'),
    trc: Claim('As in docs/claims.md'),
    lng: Claim('As in docs/claims.md'),
    loc: Claim('As in docs/claims.md'),
    thm: Claim('As in docs/claims.md'),
  },
  { ...strict, title: 'TokenRequest' },
);

const RequestAnswer = Type.Object(
  {
    token: Type.String({ description: 'The web access token, in compact form' }),
    creationTime: Instant,
    expirationTime: Instant,
    validForSubject: Type.String(),
    configurationId: Type.String(),
    organisationId: Type.String(),
  },
  { title: 'RequestedToken' },
);

const RevokeBody = Type.Object(
  {
    token: Type.Optional(Type.String({ description: 'This token, however its text is spelled' })),
    configurationId: Type.Optional(ConfigurationId),
    sub: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: maxSubjectChars,
        pattern: '^[^\\ud800-\\udfff]*$',
        description: 'Only the tokens of this viewer',
      }),
    ),
    endSessions: Type.Boolean({
      default: false,
      description: 'Open sessions end, too; else they go on',
    }),
  },
  {
    ...strict,
    description: 'Exactly one of token, configurationId with sub, configurationId alone',
    title: 'NewRevocation',
  },
);

/** The token request service, for back ends that hold an API token (docs/reference/revocation.md, docs/reference/tokens.md). */
export function registerAuthRoutes(server: HttpServer, deps: AuthRoutesDeps): void {
  registerRequest(server, deps);
  registerRevoke(server, deps);
}

function registerRequest(server: HttpServer, { requests, reachOf }: AuthRoutesDeps): void {
  server.post(
    base,
    {
      config: { access, isAuditedLater: true },
      schema: {
        summary: 'Make a token of a viewer, for a short while',
        tags,
        querystring: NoQuery,
        body: RequestBody,
        response: { 200: RequestAnswer },
      },
    },
    async (request, reply) => {
      const { configurationId, sub, validityTimeInSec, ...claims } = request.body;
      const made = await requests.request(
        { configurationId, sub, validityTimeInSec, claims },
        reachOf(request),
      );
      request.auditNote = { target: configurationId, organisationId: made.organisationId };
      reply.header('cache-control', 'no-store');
      return {
        token: made.token,
        creationTime: toInstant(made.createdAtMs),
        expirationTime: toInstant(made.expiresAtMs),
        validForSubject: made.subject,
        ...{ configurationId, organisationId: made.organisationId },
      };
    },
  );
}

function registerRevoke(server: HttpServer, { revoking, reachOf }: AuthRoutesDeps): void {
  server.post(
    `${base}/revoke`,
    {
      config: { access },
      schema: {
        summary: 'Revoke a token, all of a viewer, or all of a configuration',
        description:
          'In effect here before the answer, everywhere within 2 seconds. Of a viewer or a configuration those are refused that were made up to now, by their `iat`. Nothing takes it back; to repeat it is safe.',
        tags,
        querystring: NoQuery,
        body: RevokeBody,
        response: { 200: Type.Object({ revokedAt: Instant }, { title: 'Revocation' }) },
      },
    },
    async (request) => {
      const target = targetOf(request.body);
      const { endSessions } = request.body;
      const { revocation, organisationId } = await revoking.revoke(target, endSessions, reachOf(request));
      const { kind, digest, configurationId, revokedAtMs } = revocation;
      request.auditNote = {
        ...{ target: configurationId, organisationId },
        // The digest says nothing of a token, and names it; a viewer's name is a claim.
        details: { of: kind, ...(kind === 'token' && { tokenDigest: digest }) },
      };
      return { revokedAt: toInstant(revokedAtMs) };
    },
  );
}

function targetOf({ token, configurationId, sub: subject }: Static<typeof RevokeBody>): RevocationTarget {
  if (token !== undefined && configurationId === undefined && subject === undefined) return { token };
  if (token === undefined && configurationId !== undefined) return { configurationId, subject };
  const message = 'give either token, or configurationId, or configurationId and sub';
  throw new AppError('invalid_request', { faults: [{ path: '', message }] });
}
