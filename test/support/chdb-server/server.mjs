import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { codeOf, ServerError, statusOf } from './errors.mjs';
import { bodyOf, readHead, readMultipart } from './request.mjs';
import { kindOf, readsProcesses, splitInput, splitKill, withProcesses } from './statements.mjs';

const queryWasCancelled = 394;

/**
 * Creates a server that provides the HTTP interface of ClickHouse for one engine.
 *
 * The server handles a request in the order of a real server: it reads the head, checks the user, and adds the request
 * to the list of running queries. For a statement with `input()`, it then analyses the statement and evaluates its
 * scalar subqueries, such as a fence, before it awaits and writes the body. For any other insert, it waits for the
 * whole body before it passes the statement to chdb.
 */
export function createChdbHttpServer({ engine, running, faults, user, password }) {
  const server = createServer(
    { keepAliveTimeout: 10_000, requestTimeout: 0, maxHeaderSize: 1024 ** 2 },
    (request, response) => {
      serve(request, response).catch(() => response.destroy());
    },
  );

  async function serve(request, response) {
    const head = readHead(request);
    if (head.path === '/ping') return response.end('Ok.\n');
    const queryId = head.queryId ?? randomUUID();
    response.setHeader('X-ClickHouse-Query-Id', queryId);
    try {
      if (head.user !== user || head.password !== password)
        throw new ServerError(
          516,
          'AUTHENTICATION_FAILED',
          `${head.user}: Authentication failed: password is incorrect, or there is no user with such name.`,
        );
      const answer = await runRequest(request, head, queryId);
      if (answer.unanswered) return;
      if (answer.cut) return response.destroy();
      // A statement may leave its body unread, for example if the fence of the insert rejects all rows.
      if (!request.complete) await readToEnd(request);
      sendAnswer(request, response, head, answer);
    } catch (error) {
      await sendError(request, response, error);
    }
  }

  async function runRequest(request, head, queryId) {
    if (running.has(queryId))
      throw new ServerError(
        216,
        'QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING',
        `Query with id = ${queryId} is already running.`,
      );
    const state = { cancelled: false, wake: () => {} };
    const { entry, leave } = running.enter({
      queryId,
      user: head.user,
      query: head.query,
      database: head.database ?? 'default',
      cancel() {
        state.cancelled = true;
        state.wake();
      },
    });
    try {
      return await execute({ head, entry, state, body: () => stoppable(bodyOf(request), state), request });
    } catch (error) {
      if (state.cancelled)
        throw new ServerError(queryWasCancelled, 'QUERY_WAS_CANCELLED', 'Query was cancelled.');
      throw error;
    } finally {
      leave();
    }
  }

  async function execute(run) {
    const { head, entry } = run;
    if (head.query === '' || isMultipart(run.request)) await readQueryFromBody(run);
    entry.query = head.query;
    const kind = kindOf(head.query);
    if (kind.startsWith('insert')) return insert(run, kind);
    if (kind === 'kill') return kill(run);
    const read = (sql) => engine.read(head, sql, head.format);
    const result = readsProcesses(head.query)
      ? await running.asTable((table) => read(withProcesses(head.query, table)))
      : await read(head.query);
    return { bytes: result.bytes, summary: { read_rows: result.rowsRead, read_bytes: result.bytesRead } };
  }

  async function insert(run, kind) {
    const fault = faults.takeForInsert();
    if (fault?.kind === 'refuse') throw new ServerError(fault.code, fault.name, fault.message);
    if (fault?.kind === 'cut-before') return { cut: true };
    if (fault?.kind === 'delay') run.body = delayed(run.body, fault.delayMs);
    const written = kind === 'insert' ? await insertPlainly(run) : await insertFromInput(run);
    if (fault?.kind === 'no-answer') return { unanswered: true };
    if (fault?.kind === 'cut-after') return { cut: true };
    return {
      bytes: Buffer.alloc(0),
      summary: {
        written_rows: written.rowsWritten,
        written_bytes: written.bytesWritten,
        result_rows: written.rowsWritten,
        result_bytes: written.bytesWritten,
      },
    };
  }

  async function insertPlainly({ head, body, bodyIsRead }) {
    const chunks = [];
    if (!bodyIsRead) for await (const chunk of body()) chunks.push(chunk);
    return engine.write(head, head.query, Buffer.concat(chunks));
  }

  async function insertFromInput({ head, body, bodyIsRead }) {
    const parts = splitInput(head.query);
    if (parts === undefined)
      throw new ServerError(
        62,
        'SYNTAX_ERROR',
        'the chdb server supports only: INSERT ... FROM input(...) ... FORMAT name.',
      );
    let failure;
    const written = await engine
      .writeFromInput(head, parts, async function* () {
        try {
          if (parts.inlineData !== '') yield Buffer.from(`${parts.inlineData}\n`);
          if (!bodyIsRead) yield* body();
        } catch (error) {
          failure = error;
          throw error;
        }
      })
      .catch((error) => {
        throw failure ?? error;
      });
    return written;
  }

  async function kill({ head, entry }) {
    const parts = splitKill(head.query);
    if (parts === undefined)
      throw new ServerError(62, 'SYNTAX_ERROR', 'the chdb server cannot parse this KILL QUERY.');
    const matched = await running.asTable((table) =>
      engine.read(head, `SELECT query_id, user, query FROM ${table} WHERE ${parts.condition}`, 'JSONEachRow'),
    );
    const rows = Buffer.from(matched.bytes)
      .toString()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const targets = rows
      .map((row) => running.get(row.query_id))
      .filter((target) => target !== undefined && target !== entry);
    if (parts.mode !== 'TEST')
      for (const target of targets) {
        target.cancelled = true;
        target.cancel();
      }
    if (parts.mode === 'SYNC') await Promise.all(targets.map(({ left }) => left));
    const status = parts.mode === 'SYNC' ? 'finished' : 'waiting';
    const lines = targets.map((target) =>
      JSON.stringify({
        kill_status: status,
        query_id: target.queryId,
        user: target.user,
        query: target.query,
      }),
    );
    return { bytes: await asFormat(lines, parts.format ?? head.format), summary: {} };
  }

  async function asFormat(lines, format) {
    if (lines.length === 0) return Buffer.alloc(0);
    const context = { settings: new Map(), params: new Map(), database: undefined };
    const structure = "'kill_status String, query_id String, user String, query String'";
    const data = lines.join('\n').replaceAll('\\', '\\\\').replaceAll("'", "\\'");
    const result = await engine.read(
      context,
      `SELECT * FROM format(JSONEachRow, ${structure}, '${data}')`,
      format,
    );
    return result.bytes;
  }

  return server;
}

/** Returns the same body, but delays its end. */
function delayed(body, delayMs) {
  return async function* () {
    yield* body();
    await new Promise((resolve) => setTimeout(resolve, delayMs));
  };
}

/** Yields the body until the query is cancelled. */
async function* stoppable(body, state) {
  const stopped = new Promise((_, reject) => {
    state.wake = () => reject(new Error('cancelled'));
  });
  stopped.catch(() => {});
  const chunks = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      if (state.cancelled) throw new Error('cancelled');
      const { done, value } = await Promise.race([chunks.next(), stopped]);
      if (done) return;
      yield value;
    }
  } finally {
    // This call is not awaited, because after a cancellation it would wait for a chunk that may never arrive.
    chunks.return().catch(() => {});
  }
}

function isMultipart({ headers }) {
  return (headers['content-type'] ?? '').startsWith('multipart/form-data');
}

async function readQueryFromBody(run) {
  const chunks = [];
  for await (const chunk of run.body()) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  run.bodyIsRead = true;
  if (!isMultipart(run.request)) {
    run.head.query = text;
    return;
  }
  for (const [name, value] of readMultipart(run.request.headers['content-type'], text))
    if (name === 'query') run.head.query = value;
    else if (name.startsWith('param_')) run.head.params.set(name.slice('param_'.length), value);
}

function sendAnswer(request, response, head, { bytes, summary }) {
  const counted = { read_rows: 0, read_bytes: 0, written_rows: 0, written_bytes: 0, total_rows_to_read: 0 };
  const entries = Object.entries({ ...counted, result_rows: 0, result_bytes: 0, ...summary });
  const text = Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
  response.setHeader('X-ClickHouse-Summary', JSON.stringify(text));
  response.setHeader('X-ClickHouse-Format', head.format);
  response.setHeader('X-ClickHouse-Timezone', 'UTC');
  const accepted = (request.headers['accept-encoding'] ?? '').includes('gzip');
  if (head.compressAnswer && accepted) response.setHeader('Content-Encoding', 'gzip');
  const body = Buffer.from(bytes);
  response.end(head.compressAnswer && accepted ? gzipSync(body) : body);
}

/**
 * Reads the rest of the body and then sends the error, as a real server does. Without this, the client would not
 * receive the error.
 */
async function sendError(request, response, error) {
  const code = codeOf(error);
  if (!request.complete && code !== queryWasCancelled) await readToEnd(request);
  if (response.destroyed) return;
  response.statusCode = statusOf(code);
  response.setHeader('X-ClickHouse-Exception-Code', String(code));
  if (!request.complete) response.setHeader('Connection', 'close');
  response.end(`${error.message} (version 26.7.2.1, chdb test server)\n`);
}

async function readToEnd(request) {
  request.unpipe();
  request.resume();
  await new Promise((resolve) => request.once('close', resolve).once('end', resolve));
}
