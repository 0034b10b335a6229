import { createGunzip, createInflate } from 'node:zlib';
import { ServerError } from './errors.mjs';

const notSettings = new Set(
  'query query_id database default_format user password session_id wait_end_of_query buffer_size role quota_key'.split(
    ' ',
  ),
);

/** Parses the head of a request, without its body. */
export function readHead(request) {
  const url = new URL(request.url, 'http://chdb');
  const head = {
    path: url.pathname,
    method: request.method,
    query: url.searchParams.get('query') ?? '',
    queryId: url.searchParams.get('query_id') ?? request.headers['x-clickhouse-query-id'],
    database: url.searchParams.get('database') ?? request.headers['x-clickhouse-database'],
    format:
      url.searchParams.get('default_format') ?? request.headers['x-clickhouse-format'] ?? 'TabSeparated',
    compressAnswer: url.searchParams.get('enable_http_compression') === '1',
    params: new Map(),
    settings: new Map(),
    ...credentialsOf(request, url),
  };
  for (const [name, value] of url.searchParams) {
    if (name.startsWith('param_')) head.params.set(name.slice('param_'.length), value);
    else if (!notSettings.has(name)) head.settings.set(name, value);
  }
  return head;
}

function credentialsOf({ headers }, { searchParams }) {
  const [scheme, encoded = ''] = (headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() === 'basic') {
    const [, user, password] = /^([^:]*):?([\s\S]*)$/.exec(Buffer.from(encoded, 'base64').toString());
    return { user, password };
  }
  return {
    user: headers['x-clickhouse-user'] ?? searchParams.get('user') ?? 'default',
    password: headers['x-clickhouse-key'] ?? searchParams.get('password') ?? '',
  };
}

/** Yields the decompressed body. @throws Error when the body ends early. */
export async function* bodyOf(request) {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  const decoder = { gzip: createGunzip, deflate: createInflate }[encoding]?.();
  if (decoder === undefined && encoding !== 'identity')
    throw new ServerError(
      48,
      'NOT_IMPLEMENTED',
      `the chdb server does not support Content-Encoding: ${encoding}.`,
    );
  if (decoder !== undefined) {
    request.on('error', (error) => decoder.destroy(error));
    request.on('aborted', () => decoder.destroy(new Error('cut')));
    request.pipe(decoder);
  }
  // If the caller stops early, the stream stays open, because the rest of the body is read before the error is sent.
  yield* decoder ?? request.iterator({ destroyOnReturn: false });
  if (!request.complete) throw new Error('cut');
}

/** Parses the fields of multipart/form-data, the format that @clickhouse/client uses for long parameters. */
export function readMultipart(contentType, text) {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  const parts = text.split(`--${boundary}`).slice(1, -1);
  return parts.map((part) => {
    const [, name, value] = /name="([^"]+)"[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n([\s\S]*)\r\n$/.exec(part);
    return [name, value];
  });
}
