import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { reasonOf } from '../../errors/errors.ts';
import { attachmentOf } from '../../files/file-names.ts';
import type { Logger } from '../../logger.ts';
import { writeCsv } from './csv.ts';
import { writeJsonLines } from './json-lines.ts';
import { mediaTypes, type TableRequest } from './parameters.ts';
import type { Table } from './table.ts';
import { writeXlsx } from './xlsx.ts';

type Chunks = AsyncGenerator<string | Uint8Array>;

/** A client that takes no byte for this long is disconnected, so that it holds no query open. */
const stallTimeoutMs = 30_000;

/**
 * Sends a table as a file. Rows are read no faster than the client takes them, and the read ends when the client leaves.
 * A failure before the first rows is answered as an error. A later one is logged and destroys the connection, so that the
 * client does not take the part that it has for the whole file.
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
    .header('cache-control', 'no-store')
    .header('vary', 'accept');
  reply.raw.setTimeout(stallTimeoutMs);
  return reply.send(Readable.from(chunks)) as never;
}

function chunksOf(table: Table, wanted: TableRequest): Chunks {
  if (wanted.format === 'csv') return writeCsv(table, wanted);
  return wanted.format === 'jsonl' ? writeJsonLines(table) : writeXlsx(table);
}

/**
 * Yields an empty chunk when the first one of a file is there, then the chunks. A failure before that is the caller's. The
 * caller has begun the iteration before it hands it on, so that its end always ends the read behind it. Other requests get
 * their turn after each chunk, also while the client takes them as fast as they come.
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
    logger.error({ err: new Error(reasonOf(error)) }, 'a file broke off: its connection is destroyed');
    throw error;
  } finally {
    await chunks.return(undefined);
  }
}
