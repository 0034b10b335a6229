import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { NextCursor, pagingParameters } from '../platform/http/paging.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { UsageService } from './usage.ts';
import type { UsageFilter } from './usage-store.ts';

export interface UsageRoutesDeps {
  readonly usage: UsageService;
  /** Which organisation a request may see; undefined: all. */
  readonly organisationOf: (request: FastifyRequest) => string | undefined;
  /** @throws AppError `configuration_not_found`, also for one of another organisation. */
  readonly configurationName: (id: string, organisationId: string | undefined) => Promise<{ name: string }>;
}

const timeZone = Type.Optional(
  Type.String({
    default: 'UTC',
    maxLength: 64,
    description: 'IANA time zone: the day of `today` is this zone’s',
  }),
);
const oneTag = Type.String({ minLength: 1, maxLength: 256, description: 'A tracking tag; case counts' });

const filterParameters = {
  timeZone,
  configurationId: Type.Optional(
    Type.Array(Type.String({ maxLength: 64 }), { maxItems: 100, description: 'Sessions of any of these' }),
  ),
  tag: Type.Optional(
    Type.Array(oneTag, {
      maxItems: 64,
      description: 'Sessions with these tags: any or all of them, as `match` says',
    }),
  ),
  match: Type.Optional(
    Type.Unsafe<'any' | 'all'>({
      type: 'string',
      enum: ['any', 'all'],
      default: 'any',
      description: 'How several tags count',
    }),
  ),
  untagged: Type.Optional(Type.Boolean({ description: 'Only sessions without tags' })),
};

const strict = { additionalProperties: false };
const FilterQuery = Type.Object(filterParameters, strict);
const ListQuery = Type.Object({ ...filterParameters, ...pagingParameters }, strict);

const count = (description: string) => Type.Integer({ minimum: 0, description });
const instantOrNull = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description });
const counts = {
  lastUsed: instantOrNull('With the offset of the time zone; null: never used'),
  today: count('Sessions since dayStart'),
  total: count('Sessions since ever'),
};
const frame = {
  timeZone: Type.String({ description: 'The one that was asked for' }),
  dayStart: Type.String({ format: 'date-time', description: 'When today began there, with its offset' }),
  completeThrough: instantOrNull('Every session accepted before it is in the answer; null: before the first'),
};

const Summary = Type.Object({ ...frame, ...counts }, { title: 'Usage' });
const ConfigurationList = Type.Object(
  {
    ...frame,
    items: Type.Array(
      Type.Object(
        {
          configurationId: Type.String(),
          name: Type.String(),
          deletedAt: instantOrNull('null: it is still there'),
          ...counts,
        },
        { title: 'UsageOfConfiguration' },
      ),
    ),
    nextCursor: NextCursor,
  },
  { title: 'UsageByConfiguration' },
);
const TagOrNull = Type.Union([Type.String(), Type.Null()], { description: 'null: sessions without tags' });
const TagList = Type.Object(
  {
    ...frame,
    distinctSessions: count('Sessions in all: one with two tags is counted for both of them'),
    items: Type.Array(Type.Object({ tag: TagOrNull, ...counts }, { title: 'UsageOfTag' })),
    nextCursor: NextCursor,
  },
  { title: 'UsageByTag' },
);
const OneTag = Type.Object({ tag: Type.String(), ...frame, ...counts }, { title: 'UsageOfOneTag' });
const ConfigurationWindow = Type.Object(
  {
    configurationId: Type.String(),
    name: Type.String(),
    ...frame,
    ...counts,
  },
  { title: 'UsageWindow' },
);

/** Reads of sessions by configuration and tag, in any time zone (docs/reference/http-api.md, Usage). */
export function registerUsageRoutes(server: HttpServer, deps: UsageRoutesDeps): void {
  const { usage, organisationOf, configurationName } = deps;
  const readRule = { access: { scope: 'usage:read' } } as const;
  const tags = ['usage'];

  const filterOf = (request: FastifyRequest<{ Querystring: Static<typeof FilterQuery> }>): UsageFilter => ({
    organisationId: organisationOf(request),
    configurationIds: request.query.configurationId ?? [],
    tags: (request.query.tag ?? []).map((tag) => tag.normalize('NFC')),
    match: request.query.match ?? 'any',
    untagged: request.query.untagged ?? false,
  });
  const pageOf = ({ limit, cursor }: Static<typeof ListQuery>) => ({ limit: limit ?? 50, cursor });

  server.get(
    '/api/v1/usage/summary',
    {
      config: readRule,
      schema: {
        summary: 'Last used, today and total',
        tags,
        querystring: FilterQuery,
        response: { 200: Summary },
      },
    },
    (request) => usage.summary(filterOf(request), request.query.timeZone ?? 'UTC'),
  );

  server.get(
    '/api/v1/usage/configurations',
    {
      config: readRule,
      schema: {
        summary: 'Usage by token configuration, most used first',
        tags,
        querystring: ListQuery,
        response: { 200: ConfigurationList },
      },
    },
    (request) =>
      usage.configurations(filterOf(request), request.query.timeZone ?? 'UTC', pageOf(request.query)),
  );

  server.get(
    '/api/v1/usage/tags',
    {
      config: readRule,
      schema: {
        summary: 'Usage by tracking tag, most used first',
        tags,
        querystring: ListQuery,
        response: { 200: TagList },
      },
    },
    (request) => usage.tags(filterOf(request), request.query.timeZone ?? 'UTC', pageOf(request.query)),
  );

  server.get(
    '/api/v1/usage/tags/:tag',
    {
      config: readRule,
      schema: {
        summary: 'Usage of one tracking tag',
        tags,
        params: Type.Object({ tag: oneTag }),
        querystring: Type.Object({ timeZone, configurationId: filterParameters.configurationId }, strict),
        response: { 200: OneTag },
      },
    },
    async (request) => {
      const tag = request.params.tag.normalize('NFC');
      const filter = { ...filterOf(request), tags: [tag] };
      return { tag, ...(await usage.summary(filter, request.query.timeZone ?? 'UTC')) };
    },
  );

  server.get(
    '/api/v1/web-access-tokens/configurations/:id/usage',
    {
      config: { access: { scope: 'tokens:read' } },
      schema: {
        summary: 'The usage statistics window of a token configuration',
        tags,
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        querystring: Type.Object({ timeZone }, strict),
        response: { 200: ConfigurationWindow },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { name } = await configurationName(id, organisationOf(request));
      const filter = { ...filterOf(request), configurationIds: [id] };
      return { configurationId: id, name, ...(await usage.summary(filter, request.query.timeZone ?? 'UTC')) };
    },
  );
}
