import { Type } from 'typebox';
import { strict } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { listZones } from '../time/zone-list.ts';
import { type EndpointDeps, usageRule } from './endpoint.ts';

const TimeZones = Type.Object(
  {
    tzdata: Type.String({ description: 'The version of the time zone data of this process' }),
    items: Type.Array(
      Type.Object(
        {
          name: Type.String({ description: 'The preferred IANA name' }),
          aliases: Type.Array(Type.String(), { description: 'Other names that requests can use' }),
          offset: Type.String({ description: 'The current offset from UTC' }),
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

/** Registers the route that lists the time zones which requests can use. */
export function registerTimeZonesRoute(server: HttpServer, { answers }: EndpointDeps): void {
  server.get(
    '/api/v1/time-zones',
    {
      config: usageRule,
      schema: {
        operationId: 'listTimeZones',
        summary: 'List time zones by name',
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
