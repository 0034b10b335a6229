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

/** Every value in a document, with the name that it stands under. */
function* membersOf(value: unknown): Generator<[name: string, value: unknown]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    yield [name, inner];
    yield* membersOf(inner);
  }
}

describe('the document', () => {
  it('is the published one: npm run docs writes it', async () => {
    const { status, headers, body } = await instance().get(path, {});
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(body).toEqual(published);
  });

  it('is kept by its ETag', async () => {
    const etag = (await instance().get(path, {})).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const asked of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const { status, text, headers } = await instance().get(path, { 'if-none-match': asked });
      expect([status, text, headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await instance().get(path, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('is valid by the OpenAPI Initiative’s schema of OpenAPI 3.1', () => {
    const fixture = '../../fixtures/openapi/openapi-3.1-schema-2025-11-23.json';
    const text = readFileSync(new URL(fixture, import.meta.url), 'utf8');
    // Nobody redefines the anchor; and Ajv looks for it in the wrong place below `headers`.
    const schema = JSON.parse(text.replaceAll('"$dynamicRef": "#meta"', '"$ref": "#/$defs/schema"'));
    const validate = new Ajv2020({ allErrors: true, strict: false, validateFormats: false }).compile(schema);
    expect([validate(published), validate.errors]).toEqual([true, null]);
    // A schema that finds no fault in anything would hold nothing.
    expect(validate({ ...published, info: { title: 'without a version' } })).toBe(false);
  });

  it('points only to what is there, and uses all that it has', () => {
    const references = [...membersOf(published)]
      .filter(([name]) => name === '$ref')
      .map(([, to]) => String(to));
    expect(references.length).toBeGreaterThan(100);
    for (const reference of references) expect(follow(reference)).toBeDefined();
    const { securitySchemes: _, headers: __, ...shared } = published.components;
    const own = Object.entries(shared).flatMap(([kind, all]) =>
      Object.keys(all).map((name) => `#/components/${kind}/${name}`),
    );
    expect(own.filter((name) => !references.includes(name))).toEqual([]);
  });

  it('calls every operation by a name of its own, and says what it does', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = published.tags.map(({ name }) => name);
    for (const { operation } of operations) {
      expect(operation.operationId).toMatch(/^[a-z][A-Za-z]+$/);
      expect(operation.summary).not.toBe('');
      expect(tags).toEqual(expect.arrayContaining([...operation.tags]));
    }
  });

  it('has a name for what goes in and out, for those who generate types from it', () => {
    for (const { operation } of operations.filter((one) => one.operation.operationId !== 'getOpenApi')) {
      const answers = successesOf(operation).map((status) => responseOf(operation, status).content);
      for (const content of [operation.requestBody?.content, ...answers]) {
        const { schema } = content?.['application/json'] ?? {};
        if (schema !== undefined)
          expect([operation.operationId, Object.keys(schema)]).toEqual([operation.operationId, ['$ref']]);
      }
    }
  });

  it('names errors of the table only, and those that have no example are nobody’s to call forth', () => {
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

/** The members of an object, and of the first item of its list. */
function shapeOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [typeof value];
  const { items } = value as { items?: unknown[] };
  return [Object.keys(value).sort(), ...(items === undefined ? [] : shapeOf(items[0]))];
}

describe.each(operations.map((one) => [one.name, one] as const))('%s', (_, one) => {
  const { operation } = one;
  const parameters = operation.parameters ?? [];

  it('has examples that are valid', () => {
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

  it('has an example that works', async () => {
    const answer = await run(instance(), one, await worlds.newFor(one));
    expect([successesOf(operation), answer.body]).toEqual([
      expect.arrayContaining([answer.status]),
      answer.body,
    ]);
    expect(faultsIn(answer, one)).toEqual([]);
    const [media] = Object.values(responseOf(operation, answer.status).content ?? {});
    if (media === undefined) return;
    const [shown, real] = [shapeOf(media.example), shapeOf(answer.body)];
    if (operation.operationId !== 'getOpenApi') expect(shown).toEqual(real);
  });

  // By the dashboard's cookie, methods that change something need more than a credential.
  const others = operation.security.slice(1).filter((by) => one.method === 'GET' || !('dashboard' in by));
  it.each(others)('works with another credential: %j', async (credential) => {
    const world = await worlds.shared();
    const parts = exampleRequest(one, world.values);
    Object.assign(parts.headers, credentialsOf(Object.keys(credential), world));
    const answer = await send(instance().url, one, parts);
    expect(successesOf(operation)).toContain(answer.status);
    expect(faultsIn(answer, one)).toEqual([]);
  });
});

beforeAll(() => {
  expect(operations.length).toBeGreaterThan(30);
});
