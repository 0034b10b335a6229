import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import type { AnswerHeader } from '../routes/route-schema.ts';
import { NoQuery } from '../routes/schemas.ts';
import type { HttpServer } from '../server.ts';
import type { OpenApiDocument } from './document-types.ts';

const Document = Type.Object(
  {
    openapi: Type.String(),
    info: Type.Object({ title: Type.String(), version: Type.String() }),
    paths: Type.Object({}, { additionalProperties: true }),
  },
  {
    additionalProperties: true,
    examples: [{ openapi: '3.1.0', info: { title: 'watmeter', version: '0.1.0' }, paths: {} }],
  },
);

const etag: AnswerHeader = { name: 'etag', description: 'The ETag changes whenever the document changes' };
const ifNoneMatch = {
  type: 'string',
  description: 'The ETag of a cached document. The response is 304 if the document is unchanged',
};

/**
 * Registers the public route that returns the OpenAPI document. The first request builds the document, which all
 * later requests use.
 */
export function registerOpenApiRoute(server: HttpServer, describe: () => Promise<OpenApiDocument>): void {
  let built: Promise<{ text: string; etag: string }> | undefined;
  const build = async () => {
    const text = JSON.stringify(await describe());
    return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` };
  };

  server.get(
    '/api/v1/openapi.json',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getOpenApi',
        summary: 'Get this document',
        tags: ['description'],
        querystring: NoQuery,
        unvalidated: { headers: { 'if-none-match': ifNoneMatch } },
        response: { 200: Document, 304: Type.Null() },
        answerHeaders: [etag],
      },
    },
    async (request, reply) => {
      built ??= build().catch((error: unknown) => {
        built = undefined;
        throw error;
      });
      const document = await built;
      // Caches must revalidate the document for each request, so that clients see an upgrade immediately.
      reply.header('cache-control', 'public, no-cache').header('etag', document.etag);
      if (isAmong(request.headers['if-none-match'], document.etag)) {
        return reply.code(304).send(undefined as never);
      }
      // The cached text is sent unchanged. Serialising it again with the schema above would drop members.
      return reply.type('application/json; charset=utf-8').send(document.text as never);
    },
  );
}

/** Returns whether an If-None-Match header contains an ETag, by weak comparison (RFC 9110, 13.1.2). */
function isAmong(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
