import { Type } from 'typebox';
import { strict } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { listZones } from '../time/zone-list.ts';
import { type EndpointDeps, usageRule } from './endpoint.ts';

const TimeZones = Type.Object(
  {
    tzdata: Type.String({ description: 'The version of the rules of this process' }),
    items: Type.Array(
      Type.Object(
        {
          name: Type.String({ description: 'The name that IANA prefers' }),
          aliases: Type.Array(Type.String(), { description: 'Other names that requests may use' }),
          offset: Type.String({ description: 'What a clock there adds to UTC now' }),
          countries: Type.Array(Type.String(), { description: 'ISO 3166 codes' }),
        },
        { title: 'TimeZone' },
      ),
    ),
  },
  {
    title: 'TimeZones',
    examples: [
      {
        tzdata: '2025c',
        items: [{ name: 'Asia/Kolkata', aliases: ['Asia/Calcutta'], offset: '+05:30', countries: ['IN'] }],
      },
    ],
  },
);

/** Registers the list of time zones that requests may name. */
export function registerTimeZonesRoute(server: HttpServer, { answers }: EndpointDeps): void {
  server.get(
    '/api/v1/time-zones',
    {
      config: usageRule,
      schema: {
        operationId: 'listTimeZones',
        summary: 'Time zones by name',
        tags: ['usage'],
        querystring: Type.Object({}, strict),
        response: { 200: TimeZones },
      },
    },
    async () => ({
      tzdata: process.versions['tz'] ?? 'unknown',
      items: await listZones(answers.clock.nowMs()),
    }),
  );
}
