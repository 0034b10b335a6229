import { Type } from 'typebox';
import type { HttpServer } from '../../platform/http/server.ts';
import type { Assertions } from './assertions.ts';

const JwkSet = Type.Object(
  {
    keys: Type.Array(
      Type.Object({
        ...{ kty: Type.String(), crv: Type.String(), x: Type.String() },
        ...{ kid: Type.String(), alg: Type.String(), use: Type.String() },
      }),
    ),
  },
  {
    title: 'JwkSet',
    examples: [
      {
        keys: [
          {
            ...{ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
            ...{ kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k', alg: 'EdDSA', use: 'sig' },
          },
        ],
      },
    ],
  },
);

/** Registers the route that returns the public keys for verifying X-WAT-Assertion. */
export function registerJwksRoute(server: HttpServer, { keys }: Pick<Assertions, 'keys'>): void {
  server.get(
    '/.well-known/jwks.json',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getAssertionKeys',
        summary: 'Get the public keys of X-WAT-Assertion as a JWK set (RFC 7517)',
        tags: ['session'],
        response: { 200: JwkSet },
      },
    },
    async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=300');
      return { keys: keys as never };
    },
  );
}
