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

/** The published document. Tests compare the document that the server returns with it. */
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

/** Returns the target of a reference. @throws Error if the reference has no target. */
export function follow(reference: string): unknown {
  const steps = reference.replace(/^#\//, '').split('/');
  const target = steps.reduce<unknown>(
    (value, step) => (value as Record<string, unknown> | undefined)?.[step.replaceAll('~1', '/')],
    published,
  );
  if (target === undefined) throw new Error(`${reference} has no target`);
  return target;
}

/** Returns a response of an operation, with references resolved. */
export function responseOf({ responses }: Operation, status: number | string): ResponseObject {
  const response = responses[String(status)] as unknown as ResponseObject & { readonly $ref?: string };
  return response?.$ref === undefined ? response : (follow(response.$ref) as ResponseObject);
}

/** Returns the success statuses that the example request of an operation can receive. */
export function successesOf({ responses }: Operation): number[] {
  return Object.keys(responses)
    .map(Number)
    .filter((status) => status < 400);
}

/** Returns the errors of an operation with their statuses. */
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
