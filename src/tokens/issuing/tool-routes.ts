import type { FastifyRequest } from 'fastify';
import { NoQuery } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { tokenErrors } from '../declarations/errors.ts';
import type { TokenTester } from '../validation/token-test.ts';
import type { TokenGenerator } from './generate.ts';
import { GeneratedToken, NewToken, TokenTest, TokenToTest } from './tool-schemas.ts';

export interface TokenToolRoutesDeps {
  readonly generator: TokenGenerator;
  readonly tester: TokenTester;
  /** Returns the organisation whose data a request may access, or undefined for all organisations. */
  readonly organisationOf: (request: FastifyRequest) => string | undefined;
}

const base = '/api/v1/web-access-tokens';
const tags = ['web access tokens'];

/** Registers the routes that create and test single tokens (docs/reference/tokens.md). */
export function registerTokenToolRoutes(server: HttpServer, deps: TokenToolRoutesDeps): void {
  const { generator, tester, organisationOf } = deps;

  server.post(
    `${base}/generate`,
    {
      config: { access: { scope: 'tokens:write' } },
      schema: {
        operationId: 'generateToken',
        summary: 'Create a token after validating the structure and logic of its claims',
        tags,
        querystring: NoQuery,
        body: NewToken,
        response: { 200: GeneratedToken },
        errors: [
          tokenErrors.configuration_not_found,
          tokenErrors.invalid_public_key,
          tokenErrors.payload_invalid,
        ],
      },
    },
    async (request, reply) => {
      const { token, findings } = await generator.generate(request.body, organisationOf(request));
      reply.header('cache-control', 'no-store');
      return { token, findings: [...findings] };
    },
  );

  server.post(
    `${base}/test`,
    {
      config: { access: { scope: 'tokens:read' }, isReadOnly: true },
      schema: {
        operationId: 'testToken',
        summary: 'Decrypt a token and validate it at all levels. Does not count a session',
        tags,
        querystring: NoQuery,
        body: TokenToTest,
        response: { 200: TokenTest },
      },
    },
    async (request, reply) => {
      const { findings, ...rest } = await tester.test(request.body.token, organisationOf(request));
      reply.header('cache-control', 'no-store');
      return { ...rest, findings: [...findings] };
    },
  );
}
