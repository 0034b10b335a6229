import { beforeAll, describe, expect, it } from 'vitest';
import { useInstance } from '../../integration/http/support/instance.ts';
import { faultsIn } from '../../integration/http/support/openapi-answers.ts';
import { provokers } from '../../integration/http/support/openapi-provokers.ts';
import { createWorlds, metricsToken } from '../../integration/http/support/openapi-world.ts';
import { follow, operations, problemsOf } from '../../support/openapi/document.ts';

/** Each error that the document names for an operation is called forth. A service because of its hundreds of requests. */
const instance = useInstance({ METRICS_TOKEN: metricsToken });
const worlds = createWorlds(instance);

const cases = operations.flatMap((one) =>
  problemsOf(one.operation)
    .filter(({ example }) => example !== undefined)
    .map(({ status, code }) => ({ name: one.name, one, status, code })),
);

describe('what the OpenAPI document names as an error', () => {
  it.each(cases)('is answered: $name $status $code', async ({ one, status, code }) => {
    const provoke = provokers[code];
    if (provoke === undefined) throw new Error(`say in openapi-provokers.ts how ${code} is called forth`);
    const answer = await provoke({ instance: instance(), one, world: await worlds.shared() });
    const { value } = follow(`#/components/examples/${code}`) as { value: { detail?: string } };
    // What to do may be told more exactly than by the one text of a code.
    const { detail: _, ...stable } = value;
    expect(answer).toMatchObject({ status, type: 'application/problem+json', body: stable });
    expect((answer.body as { detail?: unknown }).detail).toEqual(expect.any(String));
    expect(faultsIn(answer, one)).toEqual([]);
  });

  beforeAll(() => {
    expect(cases.length).toBeGreaterThan(200);
  });
});
