import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { accessErrors } from '../../access/declarations/errors.ts';
import type { RegisterRoutes } from '../../platform/http/routes/register-routes.ts';
import { NoQuery, toInstant, withExample } from '../../platform/http/routes/schemas.ts';
import { usageErrors } from '../declarations/errors.ts';

/** State of a UTC month, such as 202601. */
export interface RetentionMonth {
  readonly month: number;
  readonly state: 'stored' | 'archived' | 'dropped';
  readonly sessions: number;
  readonly isDue: boolean;
}

export interface RetentionRoutesDeps {
  /** EVENT_RETENTION in milliseconds. Undefined: all sessions are kept. */
  readonly retentionMs: number | undefined;
  /** @throws AppError `usage_unavailable`. */
  readonly status: () => Promise<readonly RetentionMonth[]>;
  readonly retainedFromMs: () => Promise<number>;
  /** @throws AppError if the request may not read all organisations. */
  readonly requireAll: (request: FastifyRequest) => void;
}

const RetentionStatus = Type.Object(
  {
    retentionSeconds: Type.Union([Type.Integer(), Type.Null()], {
      description: 'EVENT_RETENTION. null: all sessions are kept',
    }),
    retainedFrom: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description:
        'Single sessions and unique viewers are available from this instant. null: from the first session',
    }),
    months: Type.Array(
      Type.Object({
        month: Type.String({ description: 'UTC month' }),
        state: Type.String({
          description:
            '`stored`: its sessions are stored. `archived`: its archive is complete, and its sessions are dropped with the next run. `dropped`: only its counts are stored',
        }),
        sessions: Type.Integer({ minimum: 0 }),
        isDue: Type.Boolean({ description: 'Whether the month is older than EVENT_RETENTION' }),
      }),
    ),
  },
  { title: 'RetentionStatus' },
);
const example: Static<typeof RetentionStatus> = {
  retentionSeconds: 63_072_000,
  retainedFrom: '2024-11-01T00:00:00.000Z',
  months: [
    { month: '2024-10', state: 'dropped', sessions: 48_212, isDue: true },
    { month: '2024-11', state: 'stored', sessions: 51_007, isDue: false },
  ],
};

/** Creates the route that shows which months the retention has dropped or will drop (docs/how-to/retention.md). */
export function createRetentionRoutes(deps: RetentionRoutesDeps): RegisterRoutes {
  const { retentionMs, status, retainedFromMs, requireAll } = deps;
  return (server) => {
    server.get(
      '/api/v1/usage/retention',
      {
        config: { access: { scope: 'ops' } },
        schema: {
          operationId: 'showRetention',
          summary: 'Show which months the retention has dropped or will drop',
          description: 'Needs an API token with access to all organisations.',
          tags: ['usage'],
          querystring: NoQuery,
          response: { 200: withExample(RetentionStatus, example) },
          errors: [accessErrors.all_organisations_needed, usageErrors.usage_unavailable],
        },
      },
      async (request, reply) => {
        requireAll(request);
        reply.header('cache-control', 'no-store');
        const months = await status();
        const fromMs = await retainedFromMs();
        return {
          retentionSeconds: retentionMs === undefined ? null : retentionMs / 1000,
          retainedFrom: fromMs === 0 ? null : toInstant(fromMs),
          months: months.map(({ month, ...rest }) => ({ month: nameOf(month), ...rest })),
        };
      },
    );
  };
}

function nameOf(month: number): string {
  return `${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}`;
}
