import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { HttpServer } from '../../platform/http/server.ts';
import type { JsonObject } from '../claims/json-size.ts';
import { levels, severities } from '../validation/findings.ts';
import type { TokenTester } from '../validation/token-test.ts';
import type { TokenGenerator } from './generate.ts';

export interface TokenToolRoutesDeps {
  readonly generator: TokenGenerator;
  readonly tester: TokenTester;
  /** Which organisation a request may see; undefined: all. */
  readonly organisationOf: (request: FastifyRequest) => string | undefined;
}

const base = '/api/v1/web-access-tokens';
const strict = { additionalProperties: false };
const NoQuery = Type.Object({}, strict);
const tags = ['web access tokens'];

const oneOf = <T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values] });
const Findings = Type.Array(
  Type.Object(
    {
      level: oneOf(levels),
      path: Type.String({ description: 'JSON pointer into the payload; /header/... or /token' }),
      severity: oneOf(severities),
      message: Type.String(),
      fix: Type.String({ description: 'What to do about it' }),
    },
    { title: 'Finding' },
  ),
);
const AnyObject = Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true });

/** Making and testing single tokens (docs/reference/tokens.md). */
export function registerTokenToolRoutes(server: HttpServer, deps: TokenToolRoutesDeps): void {
  const { generator, tester, organisationOf } = deps;

  server.post(
    `${base}/generate`,
    {
      config: { access: { scope: 'tokens:write' } },
      schema: {
        summary: 'Make a token, after validating structure and logic of its claims',
        tags,
        querystring: NoQuery,
        body: Type.Object(
          {
            configurationId: Type.String({ maxLength: 64, description: 'The id of a token configuration' }),
            publicKey: Type.String({ maxLength: 16_384, description: 'SPKI PEM, in one line or in several' }),
            payload: Type.Unsafe<JsonObject>({
              ...AnyObject,
              description: 'The claims (docs/claims.md)',
            }),
          },
          { ...strict, title: 'NewToken' },
        ),
        response: {
          200: Type.Object(
            {
              token: Type.String({ description: 'The web access token, in compact form' }),
              findings: Findings,
            },
            { title: 'GeneratedToken' },
          ),
        },
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
        summary: 'Open a token and validate it on all levels; counts no session',
        tags,
        querystring: NoQuery,
        body: Type.Object(
          { token: Type.String({ description: 'A web access token' }) },
          { ...strict, title: 'TokenToTest' },
        ),
        response: {
          200: Type.Object(
            {
              valid: Type.Boolean({
                description: 'No finding is an error',
              }),
              header: Type.Unknown({ description: 'The protected header; null where it cannot be read' }),
              payload: Type.Unknown({ description: 'The claims; null where they cannot be read' }),
              findings: Findings,
            },
            { title: 'TokenTest' },
          ),
        },
      },
    },
    async (request, reply) => {
      const { findings, ...rest } = await tester.test(request.body.token, organisationOf(request));
      reply.header('cache-control', 'no-store');
      return { ...rest, findings: [...findings] };
    },
  );
}
