import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { strict } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { describeWatermark, readWatermark } from '../answers/completeness.ts';
import { usageErrors } from '../declarations/errors.ts';
import type { LiveFeed } from '../live/live-feed.ts';
import { openLiveStream } from '../live/live-stream.ts';
import type { LiveTick } from '../live/ticks.ts';
import { type EndpointDeps, usageRule } from './endpoint.ts';
import { ConfigurationIds, configurationIdExample } from './schemas/shared-schemas.ts';

const longestSeconds = 3600;
const LiveQuery = Type.Object(
  {
    configurationId: Type.Optional(ConfigurationIds),
    seconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: longestSeconds,
        default: longestSeconds,
        description:
          'The stream ends after this time. A browser then reconnects and continues after the last event.',
        examples: [2],
      }),
    ),
  },
  strict,
);

const example = [
  'retry: 2000',
  '',
  'id: 1796051229',
  'event: usage',
  `data: ${JSON.stringify({
    through: '2026-11-30T15:07:09.000Z',
    ...{ completeThrough: '2026-11-30T15:07:09.051Z', provisional: false, lagMs: 3 },
    ...{ lastSecond: 2, lastMinute: 41 },
    configurations: [{ configurationId: configurationIdExample, lastSecond: 2, lastMinute: 41 }],
    isCut: false,
  })}`,
  '',
  '',
].join('\n');

export interface LiveEndpointDeps extends EndpointDeps {
  readonly feed: LiveFeed;
  /** Returns the id of the API token that authenticates a request. */
  readonly tokenOf: (request: FastifyRequest) => string;
  /**
   * Returns whether the credential of a request is still valid, for the same organisation and with the scope of the
   * route.
   */
  readonly isStillAllowed: (request: FastifyRequest) => Promise<boolean>;
}

/**
 * Registers the live stream, which sends the numbers of sessions in the last second and minute as server-sent events
 * (docs/reference/usage.md).
 */
export function registerLiveRoute(server: HttpServer, deps: LiveEndpointDeps): void {
  const { answers, feed, organisationOf, tokenOf, isStillAllowed } = deps;
  server.addHook('preClose', () => feed.close());
  server.get(
    '/api/v1/usage/live',
    {
      config: usageRule,
      // A HEAD request would run the same handler and never complete, because the stream does not end.
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamUsage',
        summary: 'Stream the sessions of the last second and minute as server-sent events',
        tags: ['usage'],
        querystring: LiveQuery,
        unvalidated: {
          headers: {
            'last-event-id': {
              type: 'string',
              description: 'The id of the last event that the client received. The stream continues after it',
            },
          },
        },
        response: { 200: { content: { 'text/event-stream': { schema: Type.String(), example } } } },
        errors: [usageErrors.too_many_live_clients],
      },
    },
    async (request, reply) => {
      const { configurationId = [], seconds = longestSeconds } = request.query;
      const { 'last-event-id': lastEventId } = request.headers;
      const stream = openLiveStream(feed, {
        tokenId: tokenOf(request),
        filter: { organisationId: organisationOf(request), configurationIds: configurationId },
        lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
        seconds,
        isStillAllowed: () => isStillAllowed(request),
        write: (tick) => writeTick(tick, answers),
      });
      reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
      reply.type('text/event-stream; charset=utf-8');
      // The type of the schema is the whole response text, so a stream needs a cast.
      return stream as never;
    },
  );
}

function writeTick({ through, ...counts }: LiveTick, answers: EndpointDeps['answers']) {
  const throughMs = through * 1000;
  return {
    through: new Date(throughMs).toISOString(),
    ...describeWatermark(readWatermark(answers), throughMs),
    ...counts,
  };
}
