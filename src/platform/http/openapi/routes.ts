import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import { NoQuery } from '../schemas.ts';
import type { HttpServer } from '../server.ts';
import type { OpenApiDocument } from './document.ts';

const Document = Type.Object(
  {
    openapi: Type.String(),
    info: Type.Object({ title: Type.String(), version: Type.String() }),
    paths: Type.Object({}, { additionalProperties: true }),
  },
  { additionalProperties: true },
);

/** The document of this process's routes, for everybody. It is made when it is first asked for. */
export function registerOpenApiRoute(server: HttpServer, describe: () => OpenApiDocument): void {
  let made: { text: string; etag: string } | undefined;
  const documentOf = () => {
    const text = JSON.stringify(describe());
    return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` };
  };

  server.get(
    '/api/v1/openapi.json',
    {
      config: { access: 'public' },
      schema: {
        summary: 'This document',
        tags: ['description'],
        querystring: NoQuery,
        response: { 200: Document, 304: Type.Null() },
      },
    },
    async (request, reply) => {
      made ??= documentOf();
      // Kept by whoever wants to, asked for anew each time: after an upgrade nobody reads of the old one.
      reply.header('cache-control', 'public, no-cache').header('etag', made.etag);
      if (isAmong(request.headers['if-none-match'], made.etag)) {
        return reply.code(304).send(undefined as never);
      }
      // As text: it is serialised once, and not by the schema above.
      return reply.type('application/json; charset=utf-8').send(made.text as never);
    },
  );
}

/** RFC 9110, 13.1.2: compared weakly. */
function isAmong(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
