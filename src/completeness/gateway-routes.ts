import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { accessErrors } from '../access/declarations/errors.ts';
import { AppError } from '../platform/errors/errors.ts';
import type { RegisterRoutes } from '../platform/http/routes/register-routes.ts';
import {
  NoQuery,
  strict,
  TextOrNull,
  toInstantOrNull,
  withExample,
} from '../platform/http/routes/schemas.ts';
import type { HttpServer } from '../platform/http/server.ts';
import { usageErrors } from '../usage/declarations/errors.ts';
import type { Gateways, ListedProducer } from './gateways.ts';

const base = '/api/v1/gateways';
const tags = ['gateways'];
const errors = [accessErrors.all_organisations_needed, usageErrors.usage_unavailable];

const Gateway = Type.Object({
  producer: Type.String(),
  gateway: Type.Union([Type.String(), Type.Null()], {
    description: 'Host name of the gateway. null: the producer is not registered',
  }),
  state: Type.String({ description: '`live`, `gone`, `retired`, `legacy` or `unwatched`' }),
  completeThrough: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'Every session that the producer accepted before this instant is stored. null: not known',
  }),
});
const GatewayList = Type.Object(
  {
    completeThrough: Type.Union([TextOrNull], {
      description: 'Every session that any gateway accepted before this instant is stored. null: not known',
    }),
    gateways: Type.Array(Gateway, { description: 'The producers that have not ended' }),
  },
  { title: 'GatewayList' },
);
const listExample: Static<typeof GatewayList> = {
  completeThrough: '2026-11-30T15:07:09.051Z',
  gateways: [
    {
      producer: '0f5c7f6e-7f4f-4d38-9c8a-0d6b8c1d2e3f',
      gateway: 'gateway-1',
      state: 'live',
      completeThrough: '2026-11-30T15:07:09.051Z',
    },
  ],
};
const Retirement = Type.Object(
  {
    name: Type.Optional(
      Type.String({ minLength: 1, maxLength: 253, description: 'Producer, or host name of a gateway' }),
    ),
    legacy: Type.Optional(
      Type.Literal(true, { description: 'Retires all producers that were stored before watermarks existed' }),
    ),
  },
  { ...strict, minProperties: 1, title: 'GatewayRetirement', examples: [{ name: 'gateway-1' }] },
);
const Retired = Type.Object(
  { retired: Type.Array(Type.String(), { description: 'The retired producers' }) },
  { title: 'RetiredGateways' },
);

export interface GatewayRoutesDeps {
  readonly gateways: Gateways;
  readonly completeThroughMs: () => number | undefined;
  /** @throws AppError if the request may not read all organisations. */
  readonly requireAll: (request: FastifyRequest) => void;
}

/** Creates the operators' routes that list and retire gateways. */
export function createGatewayListRoutes(deps: GatewayRoutesDeps): RegisterRoutes {
  return (server) => {
    registerList(server, deps);
    registerRetire(server, deps);
  };
}

function registerList(
  server: HttpServer,
  { gateways, completeThroughMs, requireAll }: GatewayRoutesDeps,
): void {
  server.get(
    base,
    {
      config: { access: { scope: 'ops' } },
      schema: {
        operationId: 'listGateways',
        summary: 'List the gateways that can have sessions which are not stored',
        description: 'Needs an API token with access to all organisations.',
        tags,
        querystring: NoQuery,
        response: { 200: withExample(GatewayList, listExample) },
        errors,
      },
    },
    async (request, reply) => {
      requireAll(request);
      reply.header('cache-control', 'no-store');
      const items = await translated(() => gateways.list());
      return { completeThrough: toInstantOrNull(completeThroughMs()), gateways: items.map(toAnswer) };
    },
  );
}

function registerRetire(server: HttpServer, { gateways, requireAll }: GatewayRoutesDeps): void {
  server.post(
    `${base}/retire`,
    {
      config: { access: { scope: 'ops:write' } },
      schema: {
        operationId: 'retireGateway',
        summary: 'Stop waiting for a gateway that is gone permanently',
        description:
          'The gateway no longer holds `completeThrough` back. Sessions that are only in its journal are stored and counted if it returns. Needs an API token with access to all organisations.',
        tags,
        querystring: NoQuery,
        body: Retirement,
        response: { 200: withExample(Retired, { retired: ['0f5c7f6e-7f4f-4d38-9c8a-0d6b8c1d2e3f'] }) },
        errors,
      },
    },
    async (request) => {
      requireAll(request);
      const { name, legacy } = request.body;
      return translated(async () => ({
        retired: [
          ...(name === undefined ? [] : await gateways.retire(name)),
          ...(legacy === undefined ? [] : await gateways.retireLegacy()),
        ],
      }));
    },
  );
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError(usageErrors.usage_unavailable, { retryAfterSeconds: 5, cause });
  }
}

function toAnswer({ producer, gateway, state, throughMs }: ListedProducer): Static<typeof Gateway> {
  return { producer, gateway: gateway ?? null, state, completeThrough: toInstantOrNull(throughMs) };
}
