import { beforeAll, describe, expect, it } from 'vitest';
import { useInstance } from '../../integration/http/support/instance.ts';
import { faultsIn } from '../../integration/http/support/openapi-answers.ts';
import { provoke } from '../../integration/http/support/openapi-provokers.ts';
import { createWorlds, run, settingsOfExamples } from '../../integration/http/support/openapi-world.ts';
import { follow, operations, problemsOf, responseOf } from '../../support/openapi/document.ts';

/** Each error that the document names for an operation is called forth. A service because of its hundreds of requests. */
const instance = useInstance(settingsOfExamples);
const bare = useInstance();
const worlds = createWorlds(instance);

const cases = operations.flatMap((one) =>
  problemsOf(one.operation)
    .filter(({ example }) => example !== undefined)
    .map(({ status, code }) => ({ name: one.name, one, status, code })),
);

const withPages = operations.filter(
  ({ operation }) => responseOf(operation, 'default').content?.['text/html'] !== undefined,
);

describe('what the OpenAPI document names as an error', () => {
  it.each(cases)('is answered: $name $status $code', async ({ one, status, code }) => {
    const scene = { instance: instance(), bare: bare(), one, world: await worlds.shared() };
    const answer = await provoke(code, scene);
    const { value } = follow(`#/components/examples/${code}`) as { value: { detail?: string } };
    // What to do may be told more exactly than by the one text of a code.
    const { detail: _, ...stable } = value;
    expect(answer).toMatchObject({ status, type: 'application/problem+json', body: stable });
    expect((answer.body as { detail?: unknown }).detail).toEqual(expect.any(String));
    expect(faultsIn(answer, one)).toEqual([]);
  });

  it.each(withPages)('is a page for a browser: $name', async (one) => {
    const world = await worlds.shared();
    const refused = { ...world, values: { ...world.values, webAccessToken: 'no token' } };
    const answer = await run(instance(), one, refused, ({ headers }) => {
      headers['accept'] = 'text/html';
    });
    expect(answer).toMatchObject({ status: 401, type: 'text/html' });
    expect(faultsIn(answer, one)).toEqual([]);
  });

  beforeAll(() => {
    expect(withPages.length).toBe(2);
    expect(cases.length).toBeGreaterThan(200);
  });
});
