import { readFileSync } from 'node:fs';
import type {
  MediaType,
  OpenApiDocument,
  Operation,
} from '../../../src/platform/http/openapi/document-types.ts';

export interface OperationCase {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** The one that is published with the sources; tests hold it against the served one. */
export const published: OpenApiDocument = JSON.parse(
  readFileSync(new URL('../../../docs/reference/openapi.json', import.meta.url), 'utf8'),
);

export const operations: readonly OperationCase[] = Object.entries(published.paths).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([lower, operation]) => {
      const method = lower.toUpperCase();
      return { name: `${method} ${path}`, method, path, operation };
    }),
);

export interface ResponseObject {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly $ref: string }>>;
  readonly content?: Readonly<Record<string, MediaType & { readonly examples?: Record<string, unknown> }>>;
}

/** What a reference points to. @throws when there is nothing. */
export function follow(reference: string): unknown {
  const steps = reference.replace(/^#\//, '').split('/');
  const found = steps.reduce<unknown>(
    (value, step) => (value as Record<string, unknown> | undefined)?.[step.replaceAll('~1', '/')],
    published,
  );
  if (found === undefined) throw new Error(`${reference} points to nothing`);
  return found;
}

/** A response of an operation, itself or what it refers to. */
export function responseOf({ responses }: Operation, status: number | string): ResponseObject {
  const found = responses[String(status)] as unknown as ResponseObject & { readonly $ref?: string };
  return found?.$ref === undefined ? found : (follow(found.$ref) as ResponseObject);
}

/** The statuses of which the example of an operation is answered with one. */
export function successesOf({ responses }: Operation): number[] {
  return Object.keys(responses)
    .map(Number)
    .filter((status) => status < 400);
}

/** The errors that an operation names, with their status. */
export function problemsOf(operation: Operation): { status: number; code: string; example: unknown }[] {
  return Object.keys(operation.responses).flatMap((status) => {
    const media = responseOf(operation, status).content?.['application/problem+json'];
    const [, { properties }] = (media?.schema['allOf'] ?? [{}, {}]) as [
      unknown,
      { properties?: { code: { enum: string[] } } },
    ];
    return (properties?.code.enum ?? []).map((code) => ({
      status: Number(status),
      code,
      example: media?.examples?.[code],
    }));
  });
}
