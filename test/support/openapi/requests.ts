import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import type { exampleValues } from '../../../src/app/declared.ts';
import { registerCall } from '../secret-watch/http.ts';
import { type OperationCase, published } from './document.ts';

/** Values that replace example values in the document. */
export type ExampleOverrides = Readonly<Partial<Record<keyof typeof exampleValues, string>>>;

export interface RequestParts {
  params: Record<string, string>;
  query: Record<string, unknown>;
  headers: Record<string, string>;
  body?: unknown;
}

/** Returns the example request of an operation, with the example values in the document replaced by `values`. */
export function exampleRequest({ operation }: OperationCase, values: ExampleOverrides): RequestParts {
  const examplesIn = (place: string) =>
    Object.fromEntries(
      (operation.parameters ?? [])
        .filter((parameter) => parameter.in === place && parameter.example !== undefined)
        .map(({ name, example }) => [name, filled(example, values)]),
    );
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  return {
    params: examplesIn('path') as Record<string, string>,
    query: examplesIn('query'),
    headers: {
      ...(examplesIn('header') as Record<string, string>),
      ...(type !== undefined && { 'content-type': type }),
    },
    ...(media !== undefined && { body: filled(media.example, values) }),
  };
}

/** Sends a request without `fetch`, which would follow redirects and add headers. */
export async function send(url: string, { method, path }: OperationCase, parts: RequestParts) {
  const place = path.replace(/\{(\w+)\}/g, (_, name) => encodedAs(name, parts.params[name] ?? ''));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts.query))
    for (const item of [value].flat()) query.append(name, String(item));
  const init = {
    ...{ method, headers: parts.headers },
    ...(parts.body !== undefined && { body: encoded(parts) }),
  };
  return exchange(`${url}${place}${query.size > 0 ? `?${query}` : ''}`, init);
}

async function exchange(
  url: string,
  init: { method: string; headers: RequestParts['headers']; body?: string | Uint8Array },
) {
  const sent = request(url, { method: init.method, headers: init.headers });
  sent.end(init.body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const text = await readText(response);
  const headers = headersOf(response);
  registerCall(url, { ...init, body: String(init.body ?? '') }, new Response(text, { headers }));
  const type = headers.get('content-type')?.split(';')[0];
  const body: unknown = type?.endsWith('json') ? JSON.parse(text) : text === '' ? undefined : text;
  return { status: response.statusCode ?? 0, headers, type, body };
}

function headersOf({ headers }: IncomingMessage): Headers {
  const pairs = Object.entries(headers).flatMap(([name, values]) =>
    [values ?? []].flat().map((value): [string, string] => [name, value]),
  );
  return new Headers(pairs);
}

export type Answer = Awaited<ReturnType<typeof send>>;

/** Encodes a path parameter. A wildcard parameter, which is the rest of the path, keeps its slashes. */
function encodedAs(name: string, value: string): string {
  return name === 'path' ? value.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(value);
}

function encoded({ headers, body }: RequestParts): string | Uint8Array {
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return body;
  if (headers['content-type'] === 'application/x-www-form-urlencoded')
    return new URLSearchParams(body as Record<string, string>).toString();
  return JSON.stringify(body);
}

/** The example values, sorted by length. Longer values come first, because a value may contain a shorter value. */
const byLength = Object.entries(published['x-example-values']).sort(
  ([, left], [, right]) => right.value.length - left.value.length,
);

function filled(value: unknown, values: ExampleOverrides): unknown {
  if (typeof value === 'string')
    return byLength.reduce(
      (text, [name, { value: shown }]) =>
        text.replaceAll(shown, values[name as keyof ExampleOverrides] ?? shown),
      value,
    );
  if (Array.isArray(value)) return value.map((item) => filled(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, filled(member, values)]));
}
