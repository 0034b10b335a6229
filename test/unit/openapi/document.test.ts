import { type TSchema, Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import type { CollectedRoute, JsonSchema } from '../../../src/platform/http/collect-routes.ts';
import { createOpenApi, openApiFaults } from '../../../src/platform/http/openapi/document.ts';
import type { NotesByRoute, OperationNotes } from '../../../src/platform/http/openapi/notes.ts';
import { renderApiReference } from '../../../src/platform/http/openapi/reference.ts';
import { createSchemaComponents } from '../../../src/platform/http/openapi/schemas.ts';

/** As routes hand their schemas over. */
const plain = (schema: TSchema): JsonSchema => ({ ...schema });
const info = { title: 'Test', version: '1', description: '' };
const tags = { others: 'Not used', things: 'What there is' };
const Thing = Type.Object({ id: Type.String() }, { title: 'Thing' });

const route: CollectedRoute = {
  method: 'POST',
  url: '/api/v1/things/:id/parts/*',
  access: { scope: 'tokens:write' },
  isReadOnly: false,
  isUndocumented: false,
  schema: {
    summary: 'Change a part',
    tags: ['things'],
    params: plain(Type.Object({ id: Type.String(), '*': Type.String({ maxLength: 99 }) })),
    querystring: plain(
      Type.Object({
        limit: Type.Optional(Type.Integer({ description: 'How many' })),
        cursor: Type.Optional(Type.String()),
        zone: Type.String(),
      }),
    ),
    headers: plain(Type.Object({ 'x-mode': Type.String() })),
    body: plain(Type.Object({ thing: Thing })),
    response: { 200: plain(Type.Array(Thing)) },
  },
};
const key = 'POST /api/v1/things/:id/parts/*';
const notes: NotesByRoute = {
  [key]: {
    operationId: 'changePart',
    problems: ['not_found', 'configuration_not_found'],
    answerHeaders: ['location'],
    request: { params: { id: '1', path: 'a/b' }, query: { zone: 'UTC' }, body: { thing: { id: '1' } } },
    answer: [{ id: '1' }],
  },
};
const describeRoutes = (routes: CollectedRoute[], by = notes) =>
  createOpenApi({ info, serverUrl: '/', tags, routes, notes: by });

const noted = notes[key] ?? { operationId: '' };
const operationOf = (one: CollectedRoute, more: Partial<OperationNotes> = {}) =>
  describeRoutes([one], { [key]: { ...noted, ...more } }).paths['/api/v1/things/{id}/parts/{path}']?.['post'];

describe('an operation', () => {
  const document = describeRoutes([route]);
  const operation = document.paths['/api/v1/things/{id}/parts/{path}']?.['post'];

  it('has the parameters of path, query and headers, with their examples', () => {
    expect(operation?.parameters).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'string' }, example: '1' },
      { name: 'path', in: 'path', required: true, schema: { type: 'string', maxLength: 99 }, example: 'a/b' },
      { name: 'limit', in: 'query', description: 'How many', schema: { type: 'integer' } },
      { name: 'cursor', in: 'query', schema: { type: 'string' } },
      { name: 'zone', in: 'query', required: true, schema: { type: 'string' }, example: 'UTC' },
      { name: 'x-mode', in: 'header', required: true, schema: { type: 'string' } },
    ]);
  });

  it('needs its scope, by token or by cookie', () => {
    expect(operation?.security).toEqual([{ apiToken: ['tokens:write'] }, { dashboard: ['tokens:write'] }]);
  });

  it('names the errors that follow from its schema, its access rule and its notes', () => {
    const codes = Object.entries(operation?.responses ?? {}).map(([status, { $ref }]) => [status, $ref]);
    const shared = '#/components/responses/';
    expect(codes).toEqual([
      ['200', undefined],
      ['400', `${shared}invalid_request.invalid_cursor.invalid_json`],
      ['401', `${shared}unauthenticated`],
      ['403', `${shared}insufficient_scope.cross_origin`],
      ['404', `${shared}not_found.configuration_not_found`],
      ['413', `${shared}payload_too_large`],
      ['415', `${shared}unsupported_media_type`],
      ['503', `${shared}control_store_unavailable`],
      ['default', `${shared}problem`],
    ]);
  });

  it('answers with headers, a schema that is shared and an example', () => {
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

  it('that is public needs nothing, and can fail by its input only', () => {
    const bare: CollectedRoute = { ...route, access: 'public', schema: { ...route.schema } };
    const open = describeRoutes([bare]).paths['/api/v1/things/{id}/parts/{path}']?.['post'];
    expect(open?.security).toEqual([]);
    expect(Object.keys(open?.responses ?? {})).toEqual(['200', '400', '404', '413', '415', 'default']);
  });

  it('may be asked and answered in other media types', () => {
    const content = (type: string) => ({ content: { [type]: { schema: { type: 'string' } } } });
    const form = 'application/x-www-form-urlencoded';
    const schema = { ...route.schema, body: content(form), response: { 200: content('text/plain') } };
    const one = describeRoutes([{ ...route, schema }]).paths['/api/v1/things/{id}/parts/{path}']?.['post'];
    expect(Object.keys(one?.requestBody?.content ?? {})).toEqual([form]);
    expect(one?.responses['200']).toMatchObject({ content: { 'text/plain': {} } });
    // What is no JSON cannot be bad JSON.
    expect(one?.responses['400']).toEqual({ $ref: '#/components/responses/invalid_request.invalid_cursor' });
  });

  it('lets out what has a default, though the route always finds it there', () => {
    const body = plain(Type.Object({ zone: Type.String({ default: 'UTC' }), name: Type.String() }));
    const schema = { ...route.schema, body, querystring: body };
    const one = operationOf({ ...route, schema });
    expect(one?.requestBody?.content['application/json']?.schema['required']).toEqual(['name']);
    const required = one?.parameters?.filter((parameter) => parameter.required).map(({ name }) => name);
    expect(required).toEqual(['id', 'path', 'name', 'x-mode']);
  });

  it('may have parameters that its schema does not hold', () => {
    const text = { type: 'string', description: 'Said' };
    const parameters = { path: { path: text }, query: { count: text }, header: { 'x-told': text } };
    const one = operationOf(route, { parameters });
    const said = one?.parameters?.filter(({ description }) => description === 'Said');
    expect(said?.map(({ name, in: place }) => `${place} ${name}`)).toEqual([
      'path path',
      'query count',
      'header x-told',
    ]);
  });

  it('names headers of its answer by what they are called, and says which may be missing', () => {
    const one = operationOf(route, { answerHeaders: ['renewed-cookie', 'etag'] });
    expect(one?.responses['200']?.['headers']).toEqual({
      'set-cookie': { $ref: '#/components/headers/renewed-cookie' },
      etag: { $ref: '#/components/headers/etag' },
    });
    expect(document.components['headers']).toMatchObject({ etag: { required: true } });
    expect(document.components['headers']?.['renewed-cookie']).not.toHaveProperty('required');
  });

  it('answers errors as pages, too, where people come with a browser', () => {
    const { paths, components } = describeRoutes([route], { [key]: { ...noted, hasPages: true } });
    const { responses } = paths['/api/v1/things/{id}/parts/{path}']?.['post'] ?? {};
    const shared = '#/components/responses/';
    expect(responses?.['401']).toEqual({ $ref: `${shared}unauthenticated.page` });
    expect(responses?.['default']).toEqual({ $ref: `${shared}problem.page` });
    expect(Object.keys(components['responses']?.['problem.page']?.['content'] ?? {})).toEqual([
      'application/problem+json',
      'text/html',
    ]);
  });

  it('says of a status what the route says of it', () => {
    const response = { 204: plain(Type.Null({ description: 'Gone' })), 205: plain(Type.Null()) };
    const one = operationOf({ ...route, schema: { ...route.schema, response } });
    expect([one?.responses['204']?.['description'], one?.responses['205']?.['description']]).toEqual([
      'Gone',
      'Reset Content',
    ]);
  });

  it('stands in the table of all operations', () => {
    expect(renderApiReference(document)).toContain(
      '| `POST /api/v1/things/{id}/parts/{path}` | `tokens:write` | Change a part |',
    );
  });
});

describe('an incomplete route', () => {
  const bare = { ...route, schema: {} };

  it('is named with all that it lacks', () => {
    expect(openApiFaults([bare], {}, tags)).toEqual([
      `${key} has no summary in its schema, no tags in its schema, no response schema of a success, ` +
        'no notes in the operations.ts of its room (CONTRIBUTING.md)',
    ]);
    expect(openApiFaults([route], { [key]: { operationId: 'changePart' } }, {})).toEqual([
      `${key} has no description of its tags in api-description.ts, no example of its answer, no example of its body, no example of its path (CONTRIBUTING.md)`,
    ]);
    expect(openApiFaults([route], notes, tags)).toEqual([]);
  });

  it('makes no document', () => {
    expect(() => describeRoutes([bare])).toThrow('has no summary in its schema');
  });

  it('is none where nothing is answered, where it is a file of the dashboard, or another way to call one', () => {
    const removed = { ...route.schema, response: { 204: plain(Type.Null()) } };
    const { answer: _, ...rest } = notes[key] ?? { operationId: '' };
    expect(openApiFaults([{ ...route, schema: removed }], { [key]: rest }, tags)).toEqual([]);
    expect(describeRoutes([{ ...bare, access: undefined }]).paths).toEqual({});
    expect(describeRoutes([{ ...bare, isUndocumented: true }]).paths).toEqual({});
  });
});

describe('titled schemas', () => {
  it('are one component, wherever they stand', () => {
    const components = createSchemaComponents({});
    const referred = components.refer(plain(Type.Object({ one: Thing, more: Type.Array(Thing) })));
    const $ref = '#/components/schemas/Thing';
    expect(referred).toMatchObject({ properties: { one: { $ref }, more: { items: { $ref } } } });
    expect(Object.keys(components.schemas)).toEqual(['Thing']);
  });

  it('are refused when two differ under one title', () => {
    const components = createSchemaComponents({});
    components.refer(plain(Thing));
    const other = Type.Object({ name: Type.String() }, { title: 'Thing' });
    expect(() => components.refer(plain(other))).toThrow('two schemas have the title Thing');
  });

  it('are no members or data that happen to be called title', () => {
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
