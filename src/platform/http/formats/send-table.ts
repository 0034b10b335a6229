import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { reasonOf } from '../../errors/errors.ts';
import { attachmentOf } from '../../files/file-names.ts';
import type { Logger } from '../../logger.ts';
import { addVary } from '../problems/cache-rules.ts';
import { writeCsv } from './csv.ts';
import { writeJsonLines } from './json-lines.ts';
import { mediaTypes, type TableRequest } from './parameters.ts';
import type { Table } from './table.ts';
import { writeXlsx } from './xlsx.ts';

type Chunks = AsyncGenerator<string | Uint8Array>;

/** Time after which a client that does not read data is disconnected, because its query would keep running. */
const stallTimeoutMs = 30_000;

/**
 * Sends a table as a file. Rows are read as fast as the client receives them, and reading stops when the client
 * disconnects. If reading fails before the first rows, the response is an error. A later failure is logged and
 * destroys the connection, so that the client does not mistake a partial file for a complete one.
 */
export async function sendTable(
  { logger }: { readonly logger: Logger },
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  wanted: TableRequest,
  table: Table,
): Promise<never> {
  const { format } = wanted;
  const chunks = withTurns(chunksOf(table, wanted), logger);
  await chunks.next();
  if (request.method === 'HEAD') await chunks.return(undefined);
  const charset = format === 'xlsx' ? '' : '; charset=utf-8';
  reply
    .type(`${mediaTypes[format]}${charset}`)
    .header('content-disposition', attachmentOf(`${table.name}.${format}`))
    .header('cache-control', 'no-store');
  addVary(reply, 'Accept');
  reply.raw.setTimeout(stallTimeoutMs);
  return reply.send(Readable.from(chunks)) as never;
}

function chunksOf(table: Table, wanted: TableRequest): Chunks {
  if (wanted.format === 'csv') return writeCsv(table, wanted);
  return wanted.format === 'jsonl' ? writeJsonLines(table) : writeXlsx(table);
}

/**
 * Reads the first chunk of a file, yields an empty chunk, and then yields all chunks. If reading the first chunk
 * fails, the first call of `next` rejects, and the caller can still send an error response. The caller must call
 * `next` once before it passes the generator on. Otherwise closing the generator would not stop the read of the
 * table. Other requests can run after each chunk, even if the client reads without pauses.
 */
async function* withTurns(chunks: Chunks, logger: Logger): Chunks {
  const first = await chunks.next();
  try {
    yield '';
    if (first.done) return;
    yield first.value;
    for await (const chunk of chunks) {
      await nextTurn();
      yield chunk;
    }
  } catch (error) {
    logger.error({ err: new Error(reasonOf(error)) }, 'a file was not sent completely');
    throw error;
  } finally {
    await chunks.return(undefined);
  }
}
