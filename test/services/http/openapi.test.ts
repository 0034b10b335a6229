import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { errors } from '../../../src/app/declared.ts';
import { useInstance } from '../../integration/http/support/instance.ts';
import { faultsIn } from '../../integration/http/support/openapi-answers.ts';
import {
  createWorlds,
  credentialsOf,
  run,
  settingsOfExamples,
} from '../../integration/http/support/openapi-world.ts';
import {
  follow,
  operations,
  problemsOf,
  published,
  responseOf,
  successesOf,
} from '../../support/openapi/document.ts';
import { exampleRequest, send } from '../../support/openapi/requests.ts';
import { faultsOf } from '../../support/openapi/schemas.ts';

const path = '/api/v1/openapi.json';
const instance = useInstance(settingsOfExamples);

/** Yields every value in a document with its member name. */
function* membersOf(value: unknown): Generator<[name: string, value: unknown]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    yield [name, inner];
    yield* membersOf(inner);
  }
}

describe('the OpenAPI document', () => {
  it('equals docs/reference/openapi.json, which npm run docs writes', async () => {
    const { status, headers, body } = await instance().get(path, {});
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(body).toEqual(published);
  });

  it('can be cached by its ETag', async () => {
    const etag = (await instance().get(path, {})).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const condition of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const { status, text, headers } = await instance().get(path, { 'if-none-match': condition });
      expect([status, text, headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await instance().get(path, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('is valid against the OpenAPI Initiative’s schema of OpenAPI 3.1', () => {
    const fixture = '../../fixtures/openapi/openapi-3.1-schema-2025-11-23.json';
    const text = readFileSync(new URL(fixture, import.meta.url), 'utf8');
    // Ajv resolves anchors incorrectly below `headers`, and no schema redefines this anchor.
    const schema = JSON.parse(text.replaceAll('"$dynamicRef": "#meta"', '"$ref": "#/$defs/schema"'));
    const validate = new Ajv2020({ allErrors: true, strict: false, validateFormats: false }).compile(schema);
    expect([validate(published), validate.errors]).toEqual([true, null]);
    // This assertion fails if the schema accepts every document.
    expect(validate({ ...published, info: { title: 'without a version' } })).toBe(false);
  });

  it('has no broken reference and no unused component', () => {
    const references = [...membersOf(published)]
      .filter(([name]) => name === '$ref')
      .map(([, target]) => String(target));
    expect(references.length).toBeGreaterThan(100);
    for (const reference of references) expect(follow(reference)).toBeDefined();
    const { securitySchemes: _, headers: __, ...shared } = published.components;
    const components = Object.entries(shared).flatMap(([kind, all]) =>
      Object.keys(all).map((name) => `#/components/${kind}/${name}`),
    );
    expect(components.filter((name) => !references.includes(name))).toEqual([]);
  });

  it('gives every operation a unique operationId, a summary and known tags', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = published.tags.map(({ name }) => name);
    for (const { operation } of operations) {
      expect(operation.operationId).toMatch(/^[a-z][A-Za-z]+$/);
      expect(operation.summary).not.toBe('');
      expect(tags).toEqual(expect.arrayContaining([...operation.tags]));
    }
  });

  it('gives the schema of every body a name, for type generators', () => {
    for (const { operation } of operations.filter(
      (candidate) => candidate.operation.operationId !== 'getOpenApi',
    )) {
      const answers = successesOf(operation).map((status) => responseOf(operation, status).content);
      for (const content of [operation.requestBody?.content, ...answers]) {
        const { schema } = content?.['application/json'] ?? {};
        if (schema !== undefined)
          expect([operation.operationId, Object.keys(schema)]).toEqual([operation.operationId, ['$ref']]);
      }
    }
  });

  it('lists only known errors, with an example of each error that a client can cause', () => {
    for (const { operation } of operations)
      for (const { code, example } of problemsOf(operation)) {
        const kind: string | undefined = errors[code]?.kind;
        expect([code, example === undefined]).toEqual([
          code,
          ['unavailable', 'internal'].includes(kind ?? ''),
        ]);
      }
  });
});

const worlds = createWorlds(instance);

/** Returns the member names of an object and of the first of its items. */
function shapeOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [typeof value];
  const { items } = value as { items?: unknown[] };
  return [Object.keys(value).sort(), ...(items === undefined ? [] : shapeOf(items[0]))];
}

describe.each(operations.map((operationCase) => [operationCase.name, operationCase] as const))(
  '%s',
  (_, operationCase) => {
    const { operation } = operationCase;
    const parameters = operation.parameters ?? [];

    it('has valid examples', () => {
      for (const { schema, example } of parameters)
        if (example !== undefined) expect(faultsOf(schema, example)).toEqual([]);
      for (const { schema, example } of Object.values(operation.requestBody?.content ?? {}))
        expect(faultsOf(schema, example)).toEqual([]);
      const answers = successesOf(operation).flatMap((status) =>
        Object.values(responseOf(operation, status).content ?? {}),
      );
      for (const { schema, example } of answers)
        expect([example === undefined, faultsOf(schema, example)]).toEqual([false, []]);
    });

    it('has an example request that succeeds', async () => {
      const answer = await run(instance(), operationCase, await worlds.newFor(operationCase));
      expect([successesOf(operation), answer.body]).toEqual([
        expect.arrayContaining([answer.status]),
        answer.body,
      ]);
      expect(faultsIn(answer, operationCase)).toEqual([]);
      const [media] = Object.values(responseOf(operation, answer.status).content ?? {});
      if (media === undefined) return;
      const [documented, actual] = [shapeOf(media.example), shapeOf(answer.body)];
      if (operation.operationId !== 'getOpenApi') expect(documented).toEqual(actual);
    });

    // With the dashboard cookie, write requests also require an origin.
    const otherCredentials = operation.security
      .slice(1)
      .filter((credential) => operationCase.method === 'GET' || !('dashboard' in credential));
    it.each(otherCredentials)('also accepts the credential %j', async (credential) => {
      const world = await worlds.shared();
      const parts = exampleRequest(operationCase, world.values);
      Object.assign(parts.headers, credentialsOf(Object.keys(credential), world));
      const answer = await send(instance().url, operationCase, parts);
      expect(successesOf(operation)).toContain(answer.status);
      expect(faultsIn(answer, operationCase)).toEqual([]);
    });
  },
);

beforeAll(() => {
  expect(operations.length).toBeGreaterThan(30);
});
