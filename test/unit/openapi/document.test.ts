import { type TSchema, Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { guardDescription as guard } from '../../../src/access/declarations/guard.ts';
import { errors, exampleValues, securitySchemes } from '../../../src/app/declared.ts';
import { platformErrors } from '../../../src/platform/errors/platform-errors.ts';
import { openApiFaults } from '../../../src/platform/http/openapi/completeness.ts';
import { createSchemaComponents } from '../../../src/platform/http/openapi/components/schemas.ts';
import { createOpenApi } from '../../../src/platform/http/openapi/document.ts';
import { renderApiReference } from '../../../src/platform/http/openapi/reference.ts';
import type { CollectedRoute } from '../../../src/platform/http/routes/collect-routes.ts';
import { documentedKeyword } from '../../../src/platform/http/routes/documented-keyword.ts';
import {
  type JsonSchema,
  locationHeader,
  type RouteSchema,
} from '../../../src/platform/http/routes/route-schema.ts';
import { withExample } from '../../../src/platform/http/routes/schemas.ts';
import { tokenErrors } from '../../../src/tokens/declarations/errors.ts';

/** Copies a schema, as routes do when they extend it. */
const plain = (schema: TSchema): JsonSchema => ({ ...schema });
const info = { title: 'Test', version: '1', description: '' };
const tags = { others: 'Not used', things: 'What there is' };
const Thing = Type.Object({ id: Type.String() }, { title: 'Thing' });

const route: CollectedRoute = {
  method: 'POST',
  url: '/api/v1/things/:id/parts/*',
  access: { scope: 'tokens:write' },
  isReadOnly: false,
  schema: {
    operationId: 'changePart',
    summary: 'Change a part',
    tags: ['things'],
    params: plain(
      Type.Object({
        id: Type.String({ examples: ['1'] }),
        '*': Type.String({ maxLength: 99, examples: ['a/b'] }),
      }),
    ),
    querystring: plain(
      Type.Object({
        limit: Type.Optional(Type.Integer({ description: 'How many' })),
        cursor: Type.Optional(Type.String()),
        zone: Type.String({ examples: ['UTC'] }),
      }),
    ),
    headers: plain(Type.Object({ 'x-mode': Type.String() })),
    body: plain(Type.Object({ thing: Thing }, { examples: [{ thing: { id: '1' } }] })),
    response: { 200: plain(withExample(Type.Array(Thing), [{ id: '1' }])) },
    answerHeaders: [locationHeader],
    errors: [platformErrors.not_found, tokenErrors.configuration_not_found],
  },
};
const key = 'POST /api/v1/things/{id}/parts/{path}';
const describeRoutes = (routes: CollectedRoute[], known: Record<string, string> = tags) =>
  createOpenApi({ info, serverUrl: '/', tags: known, routes, errors, guard, securitySchemes, exampleValues });

const changed = (schema: Partial<RouteSchema>): CollectedRoute => ({
  ...route,
  schema: { ...route.schema, ...schema },
});
const operationOf = async (collected: CollectedRoute) =>
  (await describeRoutes([collected])).paths['/api/v1/things/{id}/parts/{path}']?.['post'];

const document = await describeRoutes([route]);

describe('an operation', () => {
  const operation = document.paths['/api/v1/things/{id}/parts/{path}']?.['post'];

  it('documents its path, query and header parameters with examples', () => {
    expect(operation?.parameters).toEqual([
      { name: 'limit', in: 'query', description: 'How many', schema: { type: 'integer' } },
      { name: 'cursor', in: 'query', schema: { type: 'string' } },
      { name: 'zone', in: 'query', required: true, schema: { type: 'string' }, example: 'UTC' },
      { name: 'id', in: 'path', required: true, schema: { type: 'string' }, example: '1' },
      { name: 'path', in: 'path', required: true, schema: { type: 'string', maxLength: 99 }, example: 'a/b' },
      { name: 'x-mode', in: 'header', required: true, schema: { type: 'string' } },
    ]);
  });

  it('requires the scope of its route, for an API token and for the dashboard cookie', () => {
    expect(operation?.security).toEqual([{ apiToken: ['tokens:write'] }, { dashboard: ['tokens:write'] }]);
  });

  it('lists the errors from its schema, its access rule and its declaration', () => {
    const codes = Object.entries(operation?.responses ?? {}).map(([status, { $ref }]) => [status, $ref]);
    const shared = '#/components/responses/';
    expect(codes).toEqual([
      ['200', undefined],
      ['400', `${shared}invalid_request.invalid_cursor.invalid_json.invalid_utf8`],
      ['401', `${shared}unauthenticated`],
      ['403', `${shared}insufficient_scope.cross_origin`],
      ['404', `${shared}not_found.configuration_not_found`],
      ['413', `${shared}payload_too_large`],
      ['415', `${shared}unsupported_media_type`],
      ['429', `${shared}rate_limited`],
      ['503', `${shared}control_store_unavailable`],
      ['default', `${shared}problem`],
    ]);
  });

  it('documents a success response with headers, a shared schema and an example', () => {
    expect(operation?.responses['200']).toEqual({
      description: 'OK',
      headers: { location: { $ref: '#/components/headers/location' } },
      content: {
        'application/json': {
          schema: { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
          example: [{ id: '1' }],
        },
      },
    });
    expect(document.components['schemas']).toMatchObject({ Thing: { type: 'object', required: ['id'] } });
  });

  it('does not require credentials if it is public, and documents only errors that its input can cause', async () => {
    const open = await operationOf({ ...route, access: 'public' });
    expect(open?.security).toEqual([]);
    expect(Object.keys(open?.responses ?? {})).toEqual(['200', '400', '404', '413', '415', 'default']);
  });

  it('can have media types other than JSON for request and response', async () => {
    const form = 'application/x-www-form-urlencoded';
    const body = { content: { [form]: { schema: { type: 'string', examples: ['a=1'] } } } };
    const text = { content: { 'text/plain': { schema: { type: 'string' }, example: 'a' } } };
    const result = await operationOf(changed({ body, response: { 200: text } }));
    expect(result?.requestBody?.content).toEqual({ [form]: { schema: { type: 'string' }, example: 'a=1' } });
    expect(result?.responses['200']).toMatchObject(text);
    // A body in another format cannot be invalid JSON.
    expect(result?.responses['400']).toEqual({
      $ref: '#/components/responses/invalid_request.invalid_cursor',
    });
  });

  it('marks members and parameters with a default as optional', async () => {
    const members = { zone: Type.String({ default: 'UTC' }), name: Type.String() };
    const body = plain(Type.Object(members, { examples: [{ name: 'a' }] }));
    const result = await operationOf(changed({ body, querystring: plain(Type.Object(members)) }));
    expect(result?.requestBody?.content['application/json']?.schema['required']).toEqual(['name']);
    const required = result?.parameters?.filter((parameter) => parameter.required).map(({ name }) => name);
    expect(required).toEqual(['name', 'id', 'path', 'x-mode']);
  });

  it('can have parameters that are documented but not validated', async () => {
    const text = { type: 'string', description: 'Described', examples: ['a'] };
    const unvalidated = { params: { path: text }, querystring: { count: text }, headers: { 'x-mark': text } };
    const { querystring: _, headers: __, ...schema } = route.schema;
    for (const variant of [changed({ unvalidated }), { ...route, schema: { ...schema, unvalidated } }]) {
      const described = (await operationOf(variant))?.parameters?.filter(
        ({ description }) => description === 'Described',
      );
      expect(described?.map(({ name, in: place }) => `${place} ${name}`)).toEqual([
        'query count',
        'path path',
        'header x-mark',
      ]);
    }
  });

  it('documents the full schema of body members that are validated later', async () => {
    const shown = { title: 'Claims', type: 'object', required: ['sub'] };
    const Claims = Type.Unknown({ [documentedKeyword]: shown });
    const body = plain(Type.Object({ claims: Claims }, { examples: [{ claims: { sub: 'a' } }] }));
    const { components, paths } = await describeRoutes([changed({ body })]);
    expect(components['schemas']?.['Claims']).toEqual({ type: 'object', required: ['sub'] });
    expect(JSON.stringify(paths)).not.toContain(documentedKeyword);
  });

  it('refers to shared response headers, of which the optional ones are not marked as required', async () => {
    const cookie = { name: 'set-cookie', component: 'renewed-cookie', description: 'New' };
    const etag = { name: 'etag', description: 'Changes with the thing' };
    const answerHeaders = [{ ...cookie, isOptional: true as const }, etag];
    const { components, paths } = await describeRoutes([changed({ answerHeaders })]);
    const { responses } = paths['/api/v1/things/{id}/parts/{path}']?.['post'] ?? {};
    expect(responses?.['200']?.['headers']).toEqual({
      'set-cookie': { $ref: '#/components/headers/renewed-cookie' },
      etag: { $ref: '#/components/headers/etag' },
    });
    expect(components['headers']).toMatchObject({ etag: { required: true } });
    expect(components['headers']?.['renewed-cookie']).not.toHaveProperty('required');
    const differing = changed({ answerHeaders: [cookie, { ...cookie, description: 'Other' }] });
    await expect(describeRoutes([differing])).rejects.toThrow('two headers are the component renewed-cookie');
  });

  it('documents HTML error pages if browsers open it', async () => {
    const { paths, components } = await describeRoutes([changed({ hasErrorPages: true })]);
    const { responses } = paths['/api/v1/things/{id}/parts/{path}']?.['post'] ?? {};
    const shared = '#/components/responses/';
    expect(responses?.['401']).toEqual({ $ref: `${shared}unauthenticated.page` });
    expect(responses?.['default']).toEqual({ $ref: `${shared}problem.page` });
    expect(Object.keys(components['responses']?.['problem.page']?.['content'] ?? {})).toEqual([
      'application/problem+json',
      'text/html',
    ]);
  });

  it('uses the status description from the route', async () => {
    const response = { 204: plain(Type.Null({ description: 'Gone' })), 205: plain(Type.Null()) };
    const result = await operationOf(changed({ response }));
    expect([result?.responses['204']?.['description'], result?.responses['205']?.['description']]).toEqual([
      'Gone',
      'Reset Content',
    ]);
  });

  it('is listed in the table of all operations', () => {
    expect(renderApiReference(document)).toContain(
      '| `POST /api/v1/things/{id}/parts/{path}` | `tokens:write` | Change a part |',
    );
  });
});

describe('an incomplete route', () => {
  const bare = { ...route, schema: {} };

  it('makes the generation of the document fail with an error that lists all missing parts', async () => {
    await expect(describeRoutes([bare])).rejects.toThrow(
      `${key} has no operationId, no summary, no tags, no response schema of a success, ` +
        'no example of its path (CONTRIBUTING.md)',
    );
    const withoutExamples = changed({
      params: plain(Type.Object({ id: Type.String(), '*': Type.String() })),
      body: plain(Type.Object({ thing: Thing })),
      response: { 200: plain(Thing) },
    });
    await expect(describeRoutes([withoutExamples], {})).rejects.toThrow(
      `${key} has no description of its tags, no example of its response, no example of its body, no example of its path`,
    );
    expect(openApiFaults(document.paths, document.tags)).toEqual([]);
  });

  it('is reported together with all other incomplete routes', async () => {
    const other = { ...bare, method: 'PUT' };
    await expect(describeRoutes([bare, other])).rejects.toThrow(/^POST .+\nPUT .+$/);
  });

  it('is accepted if its response has no body, if it serves a dashboard file, or if it is hidden', async () => {
    const removed = changed({ response: { 204: plain(Type.Null()) } });
    expect((await operationOf(removed))?.responses['204']).not.toHaveProperty('content');
    expect((await describeRoutes([{ ...bare, access: undefined }])).paths).toEqual({});
    expect((await describeRoutes([{ ...bare, schema: { hide: true } }])).paths).toEqual({});
  });
});

describe('titled schemas', () => {
  it('become one component if they have the same title and content', () => {
    const components = createSchemaComponents({});
    const referred = components.refer(plain(Type.Object({ one: Thing, more: Type.Array(Thing) })));
    const $ref = '#/components/schemas/Thing';
    expect(referred).toMatchObject({ properties: { one: { $ref }, more: { items: { $ref } } } });
    expect(Object.keys(components.schemas)).toEqual(['Thing']);
  });

  it('are rejected if two different schemas have the same title', () => {
    const components = createSchemaComponents({});
    components.refer(plain(Thing));
    const other = Type.Object({ name: Type.String() }, { title: 'Thing' });
    expect(() => components.refer(plain(other))).toThrow('two schemas have the title Thing');
  });

  it('are not confused with members or data named title', () => {
    const components = createSchemaComponents({});
    const schema = {
      type: 'object',
      properties: { title: { type: 'string' } },
      default: { title: 'Data' },
    };
    expect(components.refer(schema)).toEqual(schema);
    expect(components.schemas).toEqual({});
  });
});
