import { beforeAll, describe, expect, it } from 'vitest';
import { useInstance } from '../../integration/http/support/instance.ts';
import { faultsIn } from '../../integration/http/support/openapi-answers.ts';
import { provoke } from '../../integration/http/support/openapi-provokers.ts';
import { createWorlds, run, settingsOfExamples } from '../../integration/http/support/openapi-world.ts';
import { follow, operations, problemsOf, responseOf } from '../../support/openapi/document.ts';

/**
 * Causes each error that the document lists for an operation. This is a service test, because it sends hundreds of
 * requests.
 */
const instance = useInstance(settingsOfExamples);
const bare = useInstance();
const worlds = createWorlds(instance);

const cases = operations.flatMap((operationCase) =>
  problemsOf(operationCase.operation)
    .filter(({ example }) => example !== undefined)
    .map(({ status, code }) => ({ name: operationCase.name, operationCase, status, code })),
);

const withPages = operations.filter(
  ({ operation }) => responseOf(operation, 'default').content?.['text/html'] !== undefined,
);

describe('an error in the OpenAPI document', () => {
  it.each(cases)('occurs as documented: $name $status $code', async ({ operationCase, status, code }) => {
    const scene = { instance: instance(), bare: bare(), operationCase, world: await worlds.shared() };
    const answer = await provoke(code, scene);
    const { value } = follow(`#/components/examples/${code}`) as { value: { detail?: string } };
    // The response may have a more precise `detail` than the documented example.
    const { detail: _, ...stable } = value;
    expect(answer).toMatchObject({ status, type: 'application/problem+json', body: stable });
    expect((answer.body as { detail?: unknown }).detail).toEqual(expect.any(String));
    expect(faultsIn(answer, operationCase)).toEqual([]);
  });

  it.each(withPages)('is shown to a browser as a page: $name', async (operationCase) => {
    const world = await worlds.shared();
    const refused = { ...world, values: { ...world.values, webAccessToken: 'no token' } };
    const answer = await run(instance(), operationCase, refused, ({ headers }) => {
      headers['accept'] = 'text/html';
    });
    expect(answer).toMatchObject({ status: 401, type: 'text/html' });
    expect(faultsIn(answer, operationCase)).toEqual([]);
  });

  beforeAll(() => {
    expect(withPages.length).toBe(2);
    expect(cases.length).toBeGreaterThan(200);
  });
});
